package io.tulle.launch.netns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/**
 * The name server of a namespace, by UDP and TCP on its loopback: it answers for names of the mesh and asks the host's
 * name servers for all others, whatever server the application meant to ask.
 */
final class NameServer implements AutoCloseable {
    private static final int MOST_BYTES = 4_096; // of a query; an answer may have more
    private static final int MOST_AT_ONCE = 256; // what comes while so many wait is dropped: resolvers ask again
    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final List<String> LOOPBACKS = List.of("127.0.0.1", "::1");

    private final GivenNames names;
    private final HostResolver host;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);
    private final List<DatagramSocket> datagrams = new ArrayList<>();
    private final List<ServerSocket> streams = new ArrayList<>();

    private NameServer(GivenNames names, HostResolver host) {
        this.names = names;
        this.host = host;
    }

    /** @throws NetnsCode.Refused when its sockets cannot be opened */
    static NameServer start(NetworkNamespace namespace, GivenNames names, HostResolver host) {
        var server = new NameServer(names, host);
        try {
            namespace.within(server::open);
        } catch (UncheckedIOException e) {
            server.close();
            throw NetnsCode.NO_NAMES.refused(String.valueOf(e.getMessage()));
        }
        // Started outside: a thread that is started within a namespace stays there.
        server.datagrams.forEach(socket -> server.threads.execute(() -> server.hear(socket)));
        server.streams.forEach(socket -> server.threads.execute(() -> server.accept(socket)));
        return server;
    }

    private void open() {
        try {
            for (var loopback : LOOPBACKS) {
                var at = new InetSocketAddress(InetAddress.ofLiteral(loopback), Rules.NAMES);
                datagrams.add(new DatagramSocket(at));
                streams.add(new ServerSocket(at.getPort(), 64, at.getAddress()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void hear(DatagramSocket socket) {
        var packet = new DatagramPacket(new byte[MOST_BYTES], MOST_BYTES);
        while (!socket.isClosed()) {
            try {
                packet.setLength(MOST_BYTES);
                socket.receive(packet);
                var query = Arrays.copyOf(packet.getData(), packet.getLength());
                var from = packet.getSocketAddress();
                if (places.tryAcquire()) threads.execute(() -> answer(socket, query, (InetSocketAddress) from));
            } catch (IOException | RejectedExecutionException _) {
                // closed: the loop ends; else the packet is lost, as packets may be
            }
        }
    }

    private void answer(DatagramSocket socket, byte[] query, InetSocketAddress from) {
        try {
            var answer = Question.read(query)
                    .map(question -> known(question, query)
                            .or(() -> host.byDatagram(query))
                            .orElseGet(() -> question.failed(query)));
            if (answer.isPresent()) socket.send(new DatagramPacket(answer.get(), answer.get().length, from));
        } catch (IOException _) {
            // the asker is gone, or we are
        } finally {
            places.release();
        }
    }

    private void accept(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                if (places.tryAcquire()) threads.execute(() -> converse(socket));
                else socket.close();
            } catch (IOException | RejectedExecutionException _) {
                // closed: the loop ends; else somebody came and went
            }
        }
    }

    private void converse(Socket socket) {
        try (socket) {
            socket.setSoTimeout((int) IDLE.toMillis());
            var in = new DataInputStream(socket.getInputStream());
            var out = new DataOutputStream(socket.getOutputStream());
            while (true) {
                var query = HostResolver.read(in);
                var question = Question.read(query);
                if (question.isEmpty()) return;
                var answer = known(question.get(), query)
                        .or(() -> host.byStream(query))
                        .orElseGet(() -> question.get().failed(query));
                HostResolver.write(out, answer);
            }
        } catch (IOException _) {
            // the asker is gone, or silent
        } finally {
            places.release();
        }
    }

    private Optional<byte[]> known(Question question, byte[] query) {
        return names.addressOf(question.name()).map(address -> question.answered(query, address));
    }

    @Override
    public void close() {
        datagrams.forEach(DatagramSocket::close);
        for (var socket : streams) {
            try {
                socket.close();
            } catch (IOException _) {
                // it is closed in any case
            }
        }
        threads.shutdownNow();
    }
}
