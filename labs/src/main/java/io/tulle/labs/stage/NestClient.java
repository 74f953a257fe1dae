package io.tulle.labs.stage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;

/** Somebody who speaks Nest TCP by hand: frames of a length in UTF-16 units, {@code #} and JSON, well-formed or not. */
public final class NestClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket = new Socket();
    private final Reader in;

    public NestClient(int port) throws IOException {
        socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    }

    /** One frame, its length as it should be. */
    public static String frame(String json) {
        return json.length() + "#" + json;
    }

    /**
     * Sends text as it is and waits for the next message.
     *
     * @return empty when the other end closed instead
     */
    public Optional<String> ask(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(UTF_8));
        socket.getOutputStream().flush();
        try {
            return next();
        } catch (java.net.SocketException _) {
            return Optional.empty(); // reset, which is also an end
        }
    }

    private Optional<String> next() throws IOException {
        var length = 0;
        for (var c = in.read(); c != '#'; c = in.read()) {
            if (c < 0) return Optional.empty();
            length = length * 10 + (c - '0');
        }
        var message = new char[length];
        for (var at = 0; at < length; ) {
            var read = in.read(message, at, length - at);
            if (read < 0) return Optional.empty();
            at += read;
        }
        return Optional.of(new String(message));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
