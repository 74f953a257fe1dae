package io.tulle.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/** One connection as the script of an {@link Origin} sees it. */
public final class OriginConnection {
    private final Socket socket;
    private final InputStream in;

    OriginConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Over a connection that was accepted elsewhere. */
    public static OriginConnection over(Socket socket) throws IOException {
        return new OriginConnection(socket);
    }

    /** Sends exactly these bytes. */
    public OriginConnection send(String text) throws IOException {
        return send(text.getBytes(ISO_8859_1));
    }

    public OriginConnection send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Answers 200 with this text, and goes on. */
    public boolean ok(String text) throws IOException {
        return answer(200, text);
    }

    /** Answers with this status and text, and goes on. */
    public boolean answer(int status, String text) throws IOException {
        send("HTTP/1.1 " + status + " Said\r\nContent-Length: " + text.length() + "\r\n\r\n" + text);
        return true;
    }

    public byte[] bytes(int count) throws IOException {
        return in.readNBytes(count);
    }

    /** Reads one byte; -1 at the end. */
    public int read() throws IOException {
        return in.read();
    }

    /** Reads until the proxy closes; returns how many bytes came. */
    public long drain() throws IOException {
        return in.skip(Long.MAX_VALUE);
    }

    /** Closes with a reset. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Which connection this is, by the proxy's port. */
    public int peerPort() {
        return socket.getPort();
    }
}
