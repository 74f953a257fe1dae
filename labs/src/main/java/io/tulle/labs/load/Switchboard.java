package io.tulle.labs.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;

/** The thread that connects, reads, and notices what is late. Answered connections go back to the idle ones. */
final class Switchboard implements AutoCloseable {
    private static final long LOOK_MILLIS = 20;

    /** A server may end a connection that was idle for long (RFC 9112 §9.5); one just used, it may not without a word. */
    static final long IDLE_GRACE_NANOS = Duration.ofSeconds(3).toNanos();

    private final Selector selector;
    private final LongSupplier nanos;
    private final long patience;
    private final Queue<Wire> arriving = new ConcurrentLinkedQueue<>();
    private final Queue<Wire> broken = new ConcurrentLinkedQueue<>();
    private final Queue<Wire> idle = new ConcurrentLinkedQueue<>();
    private final Queue<Sent> sent = new ConcurrentLinkedQueue<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    private final Thread thread;
    private volatile boolean closed;

    private record Sent(Flight flight, Wire wire) {}

    Switchboard(Duration timeout, LongSupplier nanos) throws IOException {
        this.selector = Selector.open();
        this.nanos = nanos;
        this.patience = timeout.toNanos();
        this.thread = Thread.ofPlatform().name("load-answers").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Connects ahead of need; what cannot be connected is left to the requests to find out. */
    void open(InetSocketAddress to) {
        try {
            var channel = SocketChannel.open(to);
            ready(channel);
            var wire = Wire.idle(channel, nanos.getAsLong());
            wire.watchedBy(channel.register(selector, SelectionKey.OP_READ, wire));
            idle.add(wire);
        } catch (IOException _) {
            // The first request that needs it will say why.
        }
    }

    /** Connections with nothing to do, the longest idle first; some may have gone. */
    Queue<Wire> idle() {
        return idle;
    }

    /** Writes a request on a connection that the pacer has taken. */
    void send(Wire wire, Flight flight) {
        sent.add(new Sent(flight, wire));
        try {
            wire.write(flight);
        } catch (IOException e) {
            broken.add(wire);
            selector.wakeup();
        }
    }

    /** Connects, then writes. */
    void dial(InetSocketAddress to, Flight flight) {
        try {
            var channel = SocketChannel.open();
            var wire = Wire.toBe(channel, flight);
            sent.add(new Sent(flight, wire));
            ready(channel);
            channel.connect(to);
            arriving.add(wire);
            selector.wakeup();
        } catch (IOException e) {
            flight.failed(nanos.getAsLong(), "connect refused: " + e.getMessage());
        }
    }

    private static void ready(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    private void run() {
        try (selector) {
            while (!closed) {
                selector.select(this::look, LOOK_MILLIS);
                for (var wire = arriving.poll(); wire != null; wire = arriving.poll()) arrived(wire);
                for (var wire = broken.poll(); wire != null; wire = broken.poll()) lost(wire, "reset");
                expire();
            }
            selector.keys().forEach(key -> ((Wire) key.attachment()).close());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void arrived(Wire wire) {
        try {
            var key = wire.channel().register(selector, SelectionKey.OP_CONNECT, wire);
            wire.watchedBy(key);
            if (!wire.channel().isConnectionPending()) connected(wire, key);
        } catch (IOException _) {
            lost(wire, "reset"); // closed before it was looked at: its time was over
        }
    }

    private void look(SelectionKey key) {
        var wire = (Wire) key.attachment();
        try {
            if (key.isConnectable()) connected(wire, key);
            if (key.isValid() && key.isWritable()) writable(wire, key);
            if (key.isValid() && key.isReadable()) readable(wire);
        } catch (IOException _) {
            lost(wire, "reset");
        }
    }

    private void connected(Wire wire, SelectionKey key) throws IOException {
        try {
            wire.channel().finishConnect();
        } catch (IOException e) {
            lost(wire, "connect refused: " + e.getMessage());
            return;
        }
        key.interestOps(SelectionKey.OP_READ);
        var flight = wire.flight();
        if (flight != null) wire.write(flight);
    }

    private void writable(Wire wire, SelectionKey key) throws IOException {
        key.interestOps(SelectionKey.OP_READ);
        var flight = wire.flight();
        if (flight != null) wire.write(flight);
    }

    private void readable(Wire wire) throws IOException {
        buffer.clear();
        var count = wire.channel().read(buffer);
        buffer.flip();
        var flight = wire.flight();
        if (count < 0) ended(wire);
        else if (flight == null) lost(wire, "malformed: bytes that answer nothing");
        else if (count > 0) read(wire, flight);
    }

    private void read(Wire wire, Flight flight) {
        try {
            if (!flight.answer().take(buffer)) return;
            if (buffer.hasRemaining()) throw new Malformed("bytes after the answer's end");
            answered(wire, flight);
        } catch (Malformed e) {
            lost(wire, "malformed: " + e.getMessage());
        }
    }

    private void answered(Wire wire, Flight flight) {
        var now = nanos.getAsLong();
        if (flight.isLast() || flight.bytes().hasRemaining()) {
            wire.close();
        } else {
            wire.rest(now);
            idle.add(wire);
        }
        flight.answered(now);
    }

    private void ended(Wire wire) {
        var flight = wire.flight();
        if (flight != null && flight.answer().endOfStream()) answered(wire, flight);
        else lost(wire, "closed");
    }

    /** The connection is no more, and with it the request on it, if there is one. */
    private void lost(Wire wire, String why) {
        var now = nanos.getAsLong();
        if (!wire.goIdle(now, IDLE_GRACE_NANOS)) {
            var flight = wire.flight();
            if (flight != null) flight.failed(now, why);
        }
        wire.close();
    }

    private void expire() {
        var now = nanos.getAsLong();
        for (var next = sent.peek(); next != null; next = sent.peek()) {
            if (!next.flight.isOver()) {
                if (now - next.flight.dueNanos() < patience) return;
                if (next.wire.isBusyWith(next.flight)) next.wire.close();
                next.flight.failed(now, "timeout");
            }
            sent.remove();
        }
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
