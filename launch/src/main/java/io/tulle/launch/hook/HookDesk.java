package io.tulle.launch.hook;

import io.tulle.dialects.reader.Json;
import io.tulle.dialects.reader.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The control socket of one run. Each process of the application that loaded the hook and has something to say keeps one
 * connection; when that ends, whatever it listened on is gone.
 */
public final class HookDesk implements AutoCloseable {
    private static final long PAUSE_NANOS = 20_000_000;

    private final Settings settings;
    private final ServerSocketChannel server;
    private final Consumer<Map<Integer, InetSocketAddress>> listening;
    private final List<HookConnection> connections = new CopyOnWriteArrayList<>(); // oldest first
    private final Map<Integer, InetSocketAddress> ports = new LinkedHashMap<>(); // guarded by this
    private HookTable table = HookTable.EMPTY; // guarded by this
    private final Object telling = new Object(); // taken before this, never after
    private Map<Integer, InetSocketAddress> told = Map.of(); // guarded by telling

    private HookDesk(
            Settings settings, ServerSocketChannel server, Consumer<Map<Integer, InetSocketAddress>> listening) {
        this.settings = settings;
        this.server = server;
        this.listening = listening;
    }

    /**
     * What a run's hooks must know.
     *
     * @param version of Tulle; a hook of another one is refused
     * @param secret 64 hexadecimal digits, new for each run
     */
    public record Settings(String version, String secret) {
        @Override
        public String toString() {
            return "Settings[" + version + "]"; // never the secret
        }
    }

    /**
     * Listens on a Unix socket.
     *
     * @param listening told of every change of where the application listens, by declared port
     */
    public static HookDesk open(Path socket, Settings settings, Consumer<Map<Integer, InetSocketAddress>> listening) {
        try {
            var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket));
            var desk = new HookDesk(settings, server, listening);
            Thread.ofVirtual().name("hook-desk").start(desk::accept);
            return desk;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the application listens for a declared port; empty until it does. */
    public synchronized Optional<InetSocketAddress> portOf(int declared) {
        return Optional.ofNullable(ports.get(declared));
    }

    /** Tells every hook, those to come included. */
    public synchronized void publish(HookTable now) {
        if (now.equals(table)) return;
        table = now;
        var line = tableLine();
        connections.forEach(connection -> connection.send(line));
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        connections.forEach(HookConnection::close);
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel channel = server.accept();
                var connection = new HookConnection(channel, settings, this);
                Thread.ofVirtual().name("hook").start(connection::serve);
            } catch (IOException _) {
                // Closed, and the loop ends. Or there is no descriptor left, and there may be one in a moment.
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    synchronized void admit(HookConnection connection) {
        connections.add(connection);
        connection.send(tableLine());
    }

    void leave(HookConnection connection) {
        connections.remove(connection);
        recount();
    }

    /** Of several processes that listen on one declared port the last to come is used: with cluster there is only one. */
    void recount() {
        synchronized (this) {
            ports.clear();
            connections.forEach(connection -> ports.putAll(connection.listens()));
        }
        tell();
    }

    /** One after the other and always the latest: a process that comes while another one ends must not be told of before that. */
    private void tell() {
        synchronized (telling) {
            Map<Integer, InetSocketAddress> now;
            synchronized (this) {
                now = Map.copyOf(ports);
            }
            if (now.equals(told)) return;
            told = now;
            listening.accept(now);
        }
    }

    private String tableLine() {
        return Json.compact(Node.mapOf(Map.of("table", table.toJson())));
    }
}
