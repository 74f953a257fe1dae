package io.tulle.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A server of bytes in a test's hands: one virtual thread a connection runs the script, then closes. */
public final class TcpOrigin implements AutoCloseable {
    /** Serves one connection. */
    @FunctionalInterface
    public interface Script {
        void serve(Socket socket) throws IOException;
    }

    private final ServerSocket server = new ServerSocket();
    private final Script script;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();

    private TcpOrigin(InetSocketAddress address, Script script) throws IOException {
        this.script = script;
        server.setReuseAddress(true);
        server.bind(address, 200);
    }

    /** Starts on a free port of loopback. */
    public static TcpOrigin start(Script script) throws IOException {
        return start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), script);
    }

    /** Starts at this address. */
    public static TcpOrigin start(InetSocketAddress address, Script script) throws IOException {
        var origin = new TcpOrigin(address, script);
        Thread.ofVirtual().name("tcp-origin").start(origin::accept);
        return origin;
    }

    /** Sends back whatever comes. */
    public static TcpOrigin echo() throws IOException {
        return start(socket -> socket.getInputStream().transferTo(socket.getOutputStream()));
    }

    public int port() {
        return server.getLocalPort();
    }

    public int connections() {
        return connections.get();
    }

    private void accept() {
        try {
            while (true) {
                var socket = server.accept();
                open.add(socket);
                connections.incrementAndGet();
                Thread.ofVirtual().name("tcp-origin-connection").start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            script.serve(socket);
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
