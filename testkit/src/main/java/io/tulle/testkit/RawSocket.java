package io.tulle.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;

/** A client that sends exactly the bytes it is told to, and shows exactly those that come back. Blocks at most 20 s. */
public final class RawSocket implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;

    private RawSocket(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        this.in = socket.getInputStream();
    }

    public static RawSocket to(SocketAddress address) throws IOException {
        var socket = new Socket();
        socket.connect(address, PATIENCE_MILLIS);
        return new RawSocket(socket);
    }

    /** Over a socket made elsewhere, such as one of TLS. */
    public static RawSocket over(Socket socket) throws IOException {
        return new RawSocket(socket);
    }

    public RawSocket send(String text) throws IOException {
        return send(text.getBytes(ISO_8859_1));
    }

    public RawSocket send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Reads one response, body and all, by its own framing. */
    public RawResponse response() throws IOException {
        return RawResponse.read(in, false);
    }

    /** Reads one response that has no body whatever its head says. */
    public RawResponse responseToHead() throws IOException {
        return RawResponse.read(in, true);
    }

    /** Reads up to and including this text. */
    public String until(String end) throws IOException {
        var all = new ByteArrayOutputStream();
        while (!all.toString(ISO_8859_1).endsWith(end)) {
            var b = in.read();
            if (b < 0) throw new IOException("the stream ended before '" + end + "': " + all.toString(ISO_8859_1));
            all.write(b);
        }
        return all.toString(ISO_8859_1);
    }

    public byte[] bytes(int count) throws IOException {
        return in.readNBytes(count);
    }

    /** Reads so many bytes and forgets them; returns how many came. */
    public long skip(long count) throws IOException {
        var piece = new byte[64 * 1024];
        long left = count;
        while (left > 0) {
            var read = in.read(piece, 0, (int) Math.min(left, piece.length));
            if (read < 0) break;
            left -= read;
        }
        return count - left;
    }

    /** Reads until the server closes, in order or by reset. */
    public String rest() throws IOException {
        var all = new ByteArrayOutputStream();
        try {
            for (var b = in.read(); b >= 0; b = in.read()) all.write(b);
        } catch (SocketException reset) {
            // closed all the same
        }
        return all.toString(ISO_8859_1);
    }

    public boolean isClosedByServer() throws IOException {
        return rest().isEmpty();
    }

    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Closes with a reset instead of an orderly end. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    public InetSocketAddress localAddress() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
