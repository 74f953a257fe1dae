package io.tulle.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** One end of an HTTP/2 connection that sends any frame it is told to, right or wrong, and shows what comes back. */
public final class RawHttp2 implements AutoCloseable {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST = 3;
    public static final int SETTINGS = 4;
    public static final int PUSH = 5;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW = 8;
    public static final int CONTINUATION = 9;
    public static final int END_STREAM = 1;
    public static final int END_HEADERS = 4;
    public static final int WHOLE = END_STREAM | END_HEADERS;

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final Socket socket;
    private final DataInputStream in;
    private final DefaultHttp2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder(false);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** A frame as it came. */
    public static final class Frame {
        private final int type;
        private final int flags;
        private final int stream;
        private final byte[] payload;

        private Frame(int type, int flags, int stream, byte[] payload) {
            this.type = type;
            this.flags = flags;
            this.stream = stream;
            this.payload = payload;
        }

        public int type() {
            return type;
        }

        public int flags() {
            return flags;
        }

        public int stream() {
            return stream;
        }

        /** The frame's own bytes. */
        public byte[] payload() {
            return payload;
        }

        public boolean ends() {
            return (flags & END_STREAM) != 0 && (type == DATA || type == HEADERS);
        }

        public int code() {
            return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
        }
    }

    /** An answer put together. */
    public record Answer(Map<String, String> head, String body, Map<String, String> trailers) {
        public int status() {
            return Integer.parseInt(head.getOrDefault(":status", "0"));
        }
    }

    private RawHttp2(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        this.in = new DataInputStream(socket.getInputStream());
    }

    /** Connects and says nothing. */
    public static RawHttp2 silent(InetSocketAddress address) throws IOException {
        var socket = new Socket();
        socket.connect(address, 20_000);
        return new RawHttp2(socket);
    }

    public static RawHttp2 to(InetSocketAddress address) throws IOException {
        return silent(address).greet();
    }

    /** With a receive buffer of a few kilobytes, which stops its server soon when it does not read. */
    public static RawHttp2 narrow(InetSocketAddress address) throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(address, 20_000);
        return new RawHttp2(socket).greet();
    }

    /** The client's preface and settings, after whatever was said before. */
    public RawHttp2 greet() throws IOException {
        return bytes(PREFACE.getBytes(ISO_8859_1)).frame(SETTINGS, 0, 0).go();
    }

    /** The server's end: takes the preface and says its settings. */
    public static RawHttp2 accepted(Socket socket, byte... settings) throws IOException {
        var server = new RawHttp2(socket);
        var preface = new String(server.in.readNBytes(PREFACE.length()), ISO_8859_1);
        if (!preface.equals(PREFACE)) throw new IOException("not the preface: " + preface);
        server.frame(SETTINGS, 0, 0, settings).go();
        return server;
    }

    public RawHttp2 bytes(byte... raw) {
        out.writeBytes(raw);
        return this;
    }

    public RawHttp2 frame(int type, int flags, int stream, byte... payload) {
        var frame = ByteBuffer.allocate(9 + payload.length);
        frame.putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload);
        return bytes(frame.array());
    }

    public RawHttp2 headers(int stream, int flags, String... pairs) {
        return frame(HEADERS, flags, stream, block(pairs));
    }

    /** A good request without a body. */
    public RawHttp2 get(int stream) {
        return headers(stream, WHOLE, ":method", "GET", ":scheme", "http", ":path", "/", ":authority", "a");
    }

    /** The head of a good POST. */
    public RawHttp2 post(int stream, String... more) {
        var head = block(":method", "POST", ":scheme", "http", ":path", "/", ":authority", "a");
        var rest = block(more);
        var all = ByteBuffer.allocate(head.length + rest.length).put(head).put(rest);
        return frame(HEADERS, END_HEADERS, stream, all.array());
    }

    public RawHttp2 number(int type, int stream, int value) {
        return frame(type, 0, stream, ByteBuffer.allocate(4).putInt(value).array());
    }

    public static byte[] setting(int id, int value) {
        return ByteBuffer.allocate(6).putShort((short) id).putInt(value).array();
    }

    /** Literals without indexing, no Huffman (RFC 7541 section 6.2.2). */
    public static byte[] block(String... pairs) {
        var all = new ByteArrayOutputStream();
        for (int i = 0; i < pairs.length; i++) {
            if (i % 2 == 0) all.write(0);
            var text = pairs[i].getBytes(ISO_8859_1);
            length(all, text.length);
            all.writeBytes(text);
        }
        return all.toByteArray();
    }

    private static void length(ByteArrayOutputStream all, int length) {
        if (length < 127) {
            all.write(length);
            return;
        }
        all.write(127);
        int rest = length - 127;
        for (; rest >= 128; rest >>= 7) all.write((rest & 127) | 128);
        all.write(rest);
    }

    public RawHttp2 go() throws IOException {
        try {
            out.writeTo(socket.getOutputStream());
        } catch (SocketException hungUp) {
            // whoever cares reads why
        }
        out.reset();
        return this;
    }

    /** The next frame; empty when the other end closed. */
    public Optional<Frame> next() throws IOException {
        try {
            var first = in.read();
            if (first < 0) return Optional.empty();
            var length = first << 16 | in.readUnsignedShort();
            var type = in.readUnsignedByte();
            var flags = in.readUnsignedByte();
            var stream = in.readInt();
            return Optional.of(new Frame(type, flags, stream, in.readNBytes(length)));
        } catch (SocketException reset) {
            return Optional.empty();
        }
    }

    /** Reads on to a frame of this type. */
    public Frame next(int type) throws IOException {
        while (true) {
            var frame = next().orElseThrow(() -> new IOException("closed before a frame of type " + type));
            if (frame.type() == type && (type != SETTINGS || frame.flags() == 0)) return frame;
        }
    }

    public Map<String, String> fields(Frame frame) {
        try {
            var fields = new LinkedHashMap<String, String>();
            hpack.decodeHeaders(frame.stream(), Unpooled.wrappedBuffer(frame.payload()))
                    .forEach(field -> fields.merge(
                            field.getKey().toString(), field.getValue().toString(), (a, b) -> a + "," + b));
            return fields;
        } catch (Http2Exception broken) {
            throw new UncheckedIOException(new IOException(broken));
        }
    }

    /** What became of a stream: {@code GOAWAY code}, {@code RST code}, a status, or {@code CLOSED}. */
    public String fate(int stream) throws IOException {
        var status = "";
        var ended = false;
        for (var frame = next(); frame.isPresent(); frame = next()) {
            var seen = frame.get();
            if (seen.type() == GOAWAY) return "GOAWAY " + Http2Error.valueOf(seen.code());
            if (seen.type() == HEADERS) {
                var head = fields(seen);
                if (seen.stream() == stream) status = head.getOrDefault(":status", status);
            }
            if (seen.stream() != stream) continue;
            if (seen.type() == RST) return (status + " RST " + Http2Error.valueOf(seen.code())).strip();
            if (seen.ends()) ended = true;
            if (ended && !isReset(status)) return status;
        }
        return "CLOSED";
    }

    /** A malformed request is answered and reset besides. */
    private static boolean isReset(String status) {
        return status.equals("400");
    }

    public Answer answer(int stream) throws IOException {
        Map<String, String> head = Map.of();
        Map<String, String> trailers = Map.of();
        var body = new ByteArrayOutputStream();
        while (true) {
            var frame = next().orElseThrow(() -> new IOException("closed before an answer"));
            if (frame.type() == GOAWAY || (frame.type() == RST && frame.stream() == stream)) {
                throw new IOException("in place of an answer: " + Http2Error.valueOf(frame.code()));
            }
            if (frame.type() == HEADERS) {
                var fields = fields(frame);
                if (frame.stream() != stream) continue;
                if (head.isEmpty()) head = fields;
                else trailers = fields;
            }
            if (frame.stream() != stream) continue;
            if (frame.type() == DATA) body.writeBytes(frame.payload());
            if (frame.ends()) return new Answer(head, body.toString(ISO_8859_1), trailers);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
