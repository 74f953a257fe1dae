package io.tulle.testkit;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A tiny Nest TCP server whose answers a test writes, message by message; it keeps what it heard. */
public final class NestOrigin implements AutoCloseable {
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final TcpOrigin origin;

    private NestOrigin(Script script) throws IOException {
        this.origin = TcpOrigin.start(socket -> {
            var connection = NestSocket.over(socket);
            while (true) {
                var message = connection.next();
                messages.add(message);
                script.heard(message, connection);
            }
        });
    }

    /** What it does with each message, in order, on the connection's own thread. */
    @FunctionalInterface
    public interface Script {
        void heard(String message, NestSocket connection) throws IOException;
    }

    public static NestOrigin start(Script script) throws IOException {
        return new NestOrigin(script);
    }

    /** Answers each request with one word. */
    public static NestOrigin saying(String word) throws IOException {
        return start((message, connection) -> {
            var id = NestSocket.id(message);
            if (!id.isEmpty()) connection.send(reply("\"" + word + "\"", id));
        });
    }

    /** The last reply to a request. */
    public static String reply(String response, String id) {
        return "{\"response\":" + response + ",\"isDisposed\":true,\"id\":" + id + "}";
    }

    public int port() {
        return origin.port();
    }

    /** All that it heard, on all connections. */
    public List<String> messages() {
        return messages;
    }

    public int connections() {
        return origin.connections();
    }

    @Override
    public void close() throws IOException {
        origin.close();
    }
}
