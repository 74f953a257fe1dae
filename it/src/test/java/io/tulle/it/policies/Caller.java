package io.tulle.it.policies;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tulle.testkit.NestSocket;
import io.tulle.testkit.RawHttp2;
import io.tulle.testkit.RawResponse;
import io.tulle.testkit.RawSocket;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An application that calls, as a request says it: on one connection as long as that is kept, and a new one each time for bytes. */
final class Caller implements AutoCloseable {
    /** What stands in the place of a status where the connection ended without an answer. */
    static final String CLOSED = "closed";

    private static final Pattern NEST_RESPONSE = Pattern.compile("\"response\":\"([^\"]*)\"");
    private static final Pattern NEST_CODE = Pattern.compile("\"code\":\"(TUL\\d{4})\"");

    private final Call call;
    private final InetSocketAddress entrance;
    private final byte[] introduction;
    private Optional<AutoCloseable> open = Optional.empty();
    private int stream = 1;

    /** What the caller heard. */
    record Seen(String by, String status, Map<String, String> headers, String body, String code, String grpc) {
        static Seen closed() {
            return new Seen(Expected.NOBODY, CLOSED, Map.of(), "", "", "");
        }
    }

    /**
     * @param introduction what is said before anything else
     */
    Caller(Call call, InetSocketAddress entrance, byte[] introduction) {
        this.call = call;
        this.entrance = entrance;
        this.introduction = introduction.clone();
    }

    Seen call(String mark) throws Exception {
        try {
            return switch (call.wire()) {
                case HTTP -> http1(mark);
                case HTTP2, GRPC -> http2(mark);
                case NEST_TCP -> nest(mark);
                case TCP -> bytes(mark);
            };
        } catch (EOFException | java.net.SocketException ended) {
            close();
            return Seen.closed();
        }
    }

    private Seen http1(String mark) throws Exception {
        var socket = open.isPresent()
                ? (RawSocket) open.get()
                : keep(RawSocket.to(entrance).send(introduction));
        var head = new StringBuilder(
                call.method() + " " + call.path() + " HTTP/1.1\r\nhost: " + call.authority() + "\r\n");
        headers(mark)
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        if (!call.body().isEmpty())
            head.append("content-length: ").append(call.body().length()).append("\r\n");
        socket.send(head + "\r\n" + call.body());
        var response = answer(socket);
        if (response.header("connection").filter("close"::equals).isPresent()) close();
        var headers = new TreeMap<String, String>();
        for (var line : response.headers()) {
            var colon = line.indexOf(':');
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (a, b) -> a + "," + b);
        }
        return seen(headers, Integer.toString(response.status()), response.body());
    }

    private RawResponse answer(RawSocket socket) throws IOException {
        try {
            return call.method().equals("HEAD") ? socket.responseToHead() : socket.response();
        } catch (IOException cut) {
            throw cut instanceof java.net.SocketTimeoutException ? cut : new EOFException(cut.getMessage());
        }
    }

    private Map<String, String> headers(String mark) {
        var all = new TreeMap<String, String>();
        call.headers().forEach((name, value) -> all.put(name, value.orElse("")));
        all.remove("host");
        all.put(Arrivals.MARK, mark);
        return all;
    }

    private static Seen seen(Map<String, String> headers, String status, String body) {
        return new Seen(
                headers.getOrDefault(Application.WHO, Expected.NOBODY),
                status,
                headers,
                body,
                headers.getOrDefault("x-tulle-code", ""),
                headers.getOrDefault("grpc-status", ""));
    }

    private Seen http2(String mark) throws Exception {
        var isGrpc = call.wire() == Call.Wire.GRPC;
        var connection = open.isPresent()
                ? (RawHttp2) open.get()
                : keep(RawHttp2.silent(entrance).bytes(introduction).greet());
        var pairs = new ArrayList<>(List.of(
                ":method", call.method(), ":scheme", "http", ":path", call.path(), ":authority", call.authority()));
        if (isGrpc) pairs.addAll(List.of("content-type", "application/grpc", "te", "trailers"));
        headers(mark).forEach((name, value) -> pairs.addAll(List.of(name, value)));
        var hasBody = isGrpc || !call.body().isEmpty();
        connection.headers(stream, hasBody ? RawHttp2.END_HEADERS : RawHttp2.WHOLE, pairs.toArray(String[]::new));
        if (hasBody) connection.frame(RawHttp2.DATA, RawHttp2.END_STREAM, stream, body(isGrpc));
        connection.go();
        try {
            var answer = connection.answer(stream);
            var all = new TreeMap<>(answer.head());
            all.putAll(answer.trailers());
            var text = answer.body();
            return seen(all, "" + answer.status(), isGrpc && text.length() > 5 ? text.substring(5) : text);
        } catch (IOException reset) {
            if (reset instanceof java.net.SocketTimeoutException) throw reset;
            close();
            return Seen.closed();
        } finally {
            stream += 2;
        }
    }

    private byte[] body(boolean isGrpc) {
        var text = call.body().getBytes(ISO_8859_1);
        if (!isGrpc) return text;
        return ByteBuffer.allocate(5 + text.length)
                .put((byte) 0)
                .putInt(text.length)
                .put(text)
                .array();
    }

    private Seen nest(String mark) throws Exception {
        var socket = open.isPresent()
                ? (NestSocket) open.get()
                : keep(NestSocket.to(entrance).raw(introduction));
        var data = "{\"mark\":\"" + mark + "\",\"said\":\"" + call.body() + "\"}";
        var message = "{\"pattern\":" + call.path() + ",\"data\":" + data;
        socket.send(call.isEvent() ? message + "}" : message + ",\"id\":\"" + mark + "\"}");
        if (call.isEvent()) return new Seen(Expected.NOBODY, "", Map.of(), "", "", "");
        var reply = socket.next();
        var by = NEST_RESPONSE.matcher(reply);
        var code = NEST_CODE.matcher(reply);
        return new Seen(first(by, Expected.NOBODY), "", Map.of(), reply, first(code, ""), "");
    }

    private static String first(Matcher matcher, String otherwise) {
        return matcher.find() ? matcher.group(1) : otherwise;
    }

    private Seen bytes(String mark) throws Exception {
        try (var socket = RawSocket.to(entrance).send(introduction)) {
            var by = line(socket);
            var sent = mark + " " + call.body();
            socket.send(sent + "\n");
            var back = line(socket);
            return new Seen(by, "", Map.of(), back.substring(Math.min(back.length(), mark.length() + 1)), "", "");
        }
    }

    private static String line(RawSocket socket) throws IOException {
        try {
            return socket.until("\n").strip();
        } catch (IOException cut) {
            throw cut instanceof java.net.SocketTimeoutException ? cut : new EOFException(cut.getMessage());
        }
    }

    private <T extends AutoCloseable> T keep(T connection) {
        open = Optional.of(connection);
        stream = 1;
        return connection;
    }

    @Override
    public void close() throws Exception {
        var was = open;
        open = Optional.empty();
        if (was.isPresent()) was.get().close();
    }
}
