package io.tulle.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

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

    private final ServerSocket server;
    private final Script script;
    private final List<OriginRequest> requests = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();

    private Origin(ServerSocket server, Script script) {
        this.server = server;
        this.script = script;
    }

    /** Starts on a free port of loopback. */
    public static Origin start(Script script) throws IOException {
        var origin = new Origin(listening(), script);
        Thread.ofVirtual().name("origin").start(origin::accept);
        return origin;
    }

    private static ServerSocket listening() throws IOException {
        var server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        return server;
    }

    /** Answers everything with 200 and this text. */
    public static Origin saying(String text) throws IOException {
        return start((_, connection) -> connection.ok(text));
    }

    public int port() {
        return server.getLocalPort();
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
        return connections.get();
    }

    private void accept() {
        try {
            while (true) {
                var socket = server.accept();
                open.add(socket);
                connections.incrementAndGet();
                Thread.ofVirtual().name("origin-connection").start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var connection = new OriginConnection(socket);
            while (true) {
                var request = OriginRequest.readHead(connection);
                if (request.isEmpty()) return;
                requests.add(request.get());
                if (!script.answer(request.get(), connection)) return;
            }
        } catch (IOException | UncheckedIOException gone) {
            // the proxy hung up: a test that cares looks at what it saw
        } finally {
            open.remove(socket);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (var socket : open) socket.close();
    }
}
