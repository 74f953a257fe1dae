package io.tulle.labs.stage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A port in a mesh's way. What is behind it can be changed: a peer, whose bytes it copies and keeps, or the lab itself. */
public final class Wiretap implements AutoCloseable {
    /** Serves one connection; it is closed afterwards. */
    @FunctionalInterface
    public interface Behind {
        void serve(Socket caller) throws IOException;
    }

    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile Behind behind = Socket::close;

    public Wiretap() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
        Thread.ofVirtual().name("wiretap").start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** From now on; connections that stand are closed, so that nobody goes on speaking with what was behind before. */
    public void becomes(Behind next) {
        behind = next;
        open.forEach(Wiretap::close);
    }

    /** All that went over a relay, one direction each. */
    public record Tape(ByteArrayOutputStream toServer, ByteArrayOutputStream toClient) {
        public static Tape fresh() {
            return new Tape(new ByteArrayOutputStream(), new ByteArrayOutputStream());
        }

        /** A relay to this port that writes here. */
        public Behind to(int port) {
            return caller -> {
                try (var peer = new Socket()) {
                    peer.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 5000);
                    var back = Thread.ofVirtual().start(() -> copy(peer, caller, toClient));
                    copy(caller, peer, toServer);
                    close(peer);
                    join(back);
                }
            };
        }

        public boolean contains(String marker) {
            return toServer.toString(StandardCharsets.ISO_8859_1).contains(marker)
                    || toClient.toString(StandardCharsets.ISO_8859_1).contains(marker);
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var caller = server.accept();
                open.add(caller);
                Thread.ofVirtual().start(() -> {
                    try (caller) {
                        behind.serve(caller);
                    } catch (IOException _) {
                        // a refused handshake, a peer that went: the lab looks at what came of it, not at this
                    } finally {
                        open.remove(caller);
                    }
                });
            } catch (IOException _) {
                return; // closed
            }
        }
    }

    private static void copy(Socket from, Socket to, ByteArrayOutputStream tape) {
        try {
            var in = from.getInputStream();
            var out = to.getOutputStream();
            var buffer = new byte[16 * 1024];
            for (var n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                tape.write(buffer, 0, n);
                out.write(buffer, 0, n);
                out.flush();
            }
            to.shutdownOutput();
        } catch (IOException _) {
            close(to); // one side went: so does the other
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        open.forEach(Wiretap::close);
    }
}
