package io.tulle.launch.netns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Asks the name servers of this host, one after the other as the C library does, from this host's own network. Blocks.
 *
 * @param file which names them, read anew for each question
 */
record HostResolver(Path file) {
    private static final int PORT = 53;
    private static final int MOST_BYTES = 65_535;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** The answer to a query that came by UDP; empty when nobody answers. */
    Optional<byte[]> byDatagram(byte[] query) {
        for (var server : servers()) {
            // A port that nobody can guess, since whoever guesses it and the id can forge an answer.
            try (var socket = new DatagramSocket()) {
                socket.setSoTimeout((int) PATIENCE.toMillis());
                socket.connect(new InetSocketAddress(server, PORT));
                socket.send(new DatagramPacket(query, query.length));
                var answer = new DatagramPacket(new byte[MOST_BYTES], MOST_BYTES);
                do socket.receive(answer);
                while (!isFor(query, answer));
                return Optional.of(Arrays.copyOf(answer.getData(), answer.getLength()));
            } catch (IOException _) {
                // the next one
            }
        }
        return Optional.empty();
    }

    private static boolean isFor(byte[] query, DatagramPacket answer) {
        var bytes = answer.getData();
        return answer.getLength() >= 2 && bytes[0] == query[0] && bytes[1] == query[1];
    }

    /** The answer to a query that came by TCP; empty when nobody answers. */
    Optional<byte[]> byStream(byte[] query) {
        for (var server : servers()) {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(server, PORT), (int) PATIENCE.toMillis());
                socket.setSoTimeout((int) PATIENCE.toMillis());
                write(new DataOutputStream(socket.getOutputStream()), query);
                return Optional.of(read(new DataInputStream(socket.getInputStream())));
            } catch (IOException _) {
                // the next one
            }
        }
        return Optional.empty();
    }

    /** One message with its length before it (RFC 1035 section 4.2.2). */
    static void write(DataOutputStream out, byte[] message) throws IOException {
        var framed = new byte[message.length + 2];
        framed[0] = (byte) (message.length >>> 8);
        framed[1] = (byte) message.length;
        System.arraycopy(message, 0, framed, 2, message.length);
        out.write(framed);
        out.flush();
    }

    static byte[] read(DataInputStream in) throws IOException {
        var message = new byte[in.readUnsignedShort()];
        in.readFully(message);
        return message;
    }

    private List<InetAddress> servers() {
        return ResolverFile.read(file).servers().stream()
                .flatMap(text -> address(text).stream())
                .toList();
    }

    private static Optional<InetAddress> address(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty(); // an interface that is not there, or no address at all
        }
    }
}
