package io.tulle.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.regex.Pattern;

/** One end of a Nest TCP connection in a test's hands: frames of UTF-16 length, {@code #}, JSON. */
public final class NestSocket implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final Pattern ID = Pattern.compile("\"id\":(\"[^\"]*\"|-?\\d+)");

    private final Socket socket;
    private final Reader in;

    private NestSocket(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    }

    public static NestSocket over(Socket socket) throws IOException {
        return new NestSocket(socket);
    }

    public static NestSocket to(SocketAddress address) throws IOException {
        var socket = new Socket();
        socket.connect(address, PATIENCE_MILLIS);
        return new NestSocket(socket);
    }

    public static byte[] frame(String json) {
        return (json.length() + "#" + json).getBytes(UTF_8);
    }

    public NestSocket send(String json) throws IOException {
        return raw(frame(json));
    }

    /** Whatever bytes. */
    public NestSocket raw(byte[] bytes) throws IOException {
        synchronized (socket) {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        }
        return this;
    }

    /** The next message. */
    public String next() throws IOException {
        var length = 0;
        for (var c = in.read(); c != '#'; c = in.read()) {
            if (c < 0) throw new EOFException("closed");
            length = length * 10 + (c - '0');
        }
        var text = new char[length];
        for (var at = 0; at < length; ) {
            var read = in.read(text, at, length - at);
            if (read < 0) throw new EOFException("closed inside a message");
            at += read;
        }
        return new String(text);
    }

    /** Says that nothing more will come, and goes on listening. */
    public NestSocket endOutput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Whether the other end closes, in order or by reset, without another message. */
    public boolean isClosedByPeer() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketException reset) {
            return true;
        }
    }

    /** The id at the end of a message, in JSON; empty for an event. */
    public static String id(String json) {
        var found = ID.matcher(json);
        var last = "";
        while (found.find()) last = found.group(1);
        return last;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
