package io.tulle.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A tiny HTTP/1.1 server in a test's hands: the script answers each request on its connection, with whatever bytes it
 * likes. One virtual thread a connection; nothing is checked, so that it can misbehave.
 */
public final class Origin implements AutoCloseable {
    /** Answers one request. */
    @FunctionalInterface
    public interface Script {
        /**
         * @return whether the connection goes on
         */
        boolean answer(OriginRequest request, OriginConnection connection) throws IOException;
    }

    private final TcpOrigin origin;
    private final Script script;
    private final List<OriginRequest> requests = new CopyOnWriteArrayList<>();

    private Origin(Script script) throws IOException {
        this.script = script;
        this.origin = TcpOrigin.start(this::serve);
    }

    /** Starts on a free port of loopback. */
    public static Origin start(Script script) throws IOException {
        return new Origin(script);
    }

    /** Answers everything with 200 and this text. */
    public static Origin saying(String text) throws IOException {
        return start((_, connection) -> connection.ok(text));
    }

    public int port() {
        return origin.port();
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port());
    }

    /** All requests so far, in order of arrival. */
    public List<OriginRequest> requests() {
        return List.copyOf(requests);
    }

    /** How many connections were accepted so far. */
    public int connections() {
        return origin.connections();
    }

    private void serve(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        var connection = new OriginConnection(socket);
        while (true) {
            var request = OriginRequest.read(connection);
            if (request.isEmpty()) return;
            requests.add(request.get());
            if (!script.answer(request.get(), connection)) return;
        }
    }

    @Override
    public void close() throws IOException {
        origin.close();
    }
}
