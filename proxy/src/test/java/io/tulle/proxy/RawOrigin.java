package io.tulle.proxy;

import io.tulle.testkit.RawHttp2;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP/2 server by raw frames: the script has each connection for itself, and may misbehave as it likes. */
final class RawOrigin implements AutoCloseable {
    /** Serves one connection until it returns or the connection ends. */
    @FunctionalInterface
    interface Script {
        /**
         * @param number which connection it is, from 1
         */
        void serve(RawHttp2 connection, int number) throws IOException;
    }

    private final ServerSocket server = new ServerSocket();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final byte[] settings;
    private final Script script;

    RawOrigin(Script script, byte... settings) throws IOException {
        this.script = script;
        this.settings = settings;
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        Thread.ofVirtual().name("raw-origin").start(this::accept);
    }

    private void accept() {
        try {
            while (true) {
                var socket = server.accept();
                open.add(socket);
                var number = connections.incrementAndGet();
                Thread.ofVirtual().name("raw-origin-" + number).start(() -> serve(socket, number));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void serve(Socket socket, int number) {
        try (socket) {
            script.serve(RawHttp2.accepted(socket, settings), number);
        } catch (IOException gone) {
            // the proxy hung up: a test that cares looks at what it saw
        } finally {
            open.remove(socket);
        }
    }

    int port() {
        return server.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (var socket : open) socket.close();
    }
}
