package io.tulle.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** What stands behind every proxy: one thread that answers each request head with the same kilobyte, and does nothing else. */
final class Backend implements AutoCloseable {
    private static final int END_OF_HEAD = 0x0d0a0d0a;

    private final ServerSocketChannel server;
    private final Selector selector;
    private final ByteBuffer answer;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(16 * 1024);
    private volatile boolean closed;

    /** How much of a head's end has been seen on one connection: its last four octets. */
    private static final class Seen {
        private int last;
    }

    private Backend(ServerSocketChannel server, Selector selector, int bodyBytes) {
        this.server = server;
        this.selector = selector;
        var head = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: " + bodyBytes + "\r\n\r\n";
        var bytes = (head + "x".repeat(bodyBytes)).getBytes(ISO_8859_1);
        this.answer = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    static Backend start(int bodyBytes) throws IOException {
        var server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        server.configureBlocking(false);
        var backend = new Backend(server, Selector.open(), bodyBytes);
        server.register(backend.selector, SelectionKey.OP_ACCEPT);
        Thread.ofPlatform().name("backend").daemon().start(backend::serve);
        return backend;
    }

    InetSocketAddress address() {
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(), server.socket().getLocalPort());
    }

    private void serve() {
        try (selector;
                server) {
            while (!closed) selector.select(this::look);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void look(SelectionKey key) {
        try {
            if (key.isAcceptable()) accept();
            else read((SocketChannel) key.channel(), (Seen) key.attachment());
        } catch (IOException _) {
            if (!key.isValid() || !key.isAcceptable()) hangUp(key);
        }
    }

    private static void hangUp(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException _) {
            // It is gone either way.
        }
    }

    private void accept() throws IOException {
        var channel = server.accept();
        if (channel == null) return;
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.register(selector, SelectionKey.OP_READ, new Seen());
    }

    /** Requests have no body here: each blank line is a request. */
    private void read(SocketChannel channel, Seen seen) throws IOException {
        buffer.clear();
        if (channel.read(buffer) < 0) {
            channel.close();
            return;
        }
        buffer.flip();
        while (buffer.hasRemaining()) {
            seen.last = seen.last << 8 | (buffer.get() & 0xff);
            if (seen.last == END_OF_HEAD) channel.write(answer.duplicate());
        }
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
    }
}
