package io.tulle.it.policies;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.tulle.it.policies.Arrivals.Arrival;
import io.tulle.model.Protocol;
import io.tulle.testkit.NestOrigin;
import io.tulle.testkit.NestSocket;
import io.tulle.testkit.OriginConnection;
import io.tulle.testkit.OriginRequest;
import io.tulle.testkit.RawHttp2;
import io.tulle.testkit.TcpOrigin;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What an instance runs at one port: it tells everybody which instance it is, notes what it hears, and answers as it is told. */
final class Application implements AutoCloseable {
    /** The header by which it says who it is. */
    static final String WHO = "x-instance";

    private static final Pattern NEST_MARK = Pattern.compile("\"mark\":\"([^\"]*)\"");
    private static final byte[] EMPTY_MESSAGE = new byte[5];

    private final String instance;
    private final Arrivals arrivals;
    private final TcpOrigin origin;

    private Application(String instance, Protocol protocol, InetSocketAddress at, Arrivals arrivals)
            throws IOException {
        this.instance = instance;
        this.arrivals = arrivals;
        this.origin = TcpOrigin.start(
                at,
                switch (protocol) {
                    case HTTP, UNDECLARED -> this::http1;
                    case HTTP2, GRPC -> this::http2;
                    case NEST_TCP -> this::nest;
                    case TCP -> this::bytes;
                });
    }

    static Application start(String instance, Protocol protocol, InetSocketAddress at, Arrivals arrivals)
            throws IOException {
        return new Application(instance, protocol, at, arrivals);
    }

    int port() {
        return origin.port();
    }

    private void http1(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        var connection = OriginConnection.over(socket);
        for (var next = OriginRequest.read(connection); next.isPresent(); next = OriginRequest.read(connection)) {
            var request = next.get();
            var headers = headers(request);
            var chunked = headers.getOrDefault("transfer-encoding", "").equals("chunked");
            var body = chunked ? OriginRequest.chunks(connection) : request.body();
            var mark = headers.getOrDefault(Arrivals.MARK, "");
            var answer = arrivals.arrived(new Arrival(
                    instance,
                    mark,
                    request.method(),
                    request.target(),
                    headers.getOrDefault("host", ""),
                    headers,
                    body));
            switch (answer) {
                case Answer.Said said ->
                    connection.send(text(said, request.method().equals("HEAD")));
                case Answer.Hang _ -> connection.drain();
                case Answer.Reset _ -> connection.reset();
            }
        }
    }

    private static Map<String, String> headers(OriginRequest request) {
        var all = new TreeMap<String, String>();
        for (var field : request.headers()) {
            var colon = field.indexOf(':');
            all.merge(
                    field.substring(0, colon).toLowerCase(Locale.ROOT),
                    field.substring(colon + 1).strip(),
                    (a, b) -> a + "," + b);
        }
        return all;
    }

    private String text(Answer.Said said, boolean toHead) {
        var body = said.body().orElse(instance);
        var head = new StringBuilder(
                "HTTP/1.1 " + said.status().orElse(200) + " Said\r\n" + WHO + ": " + instance + "\r\n");
        said.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        return head + "content-length: " + body.length() + "\r\n\r\n" + (toHead ? "" : body);
    }

    private void http2(Socket socket) throws IOException {
        try (var connection = RawHttp2.accepted(socket)) {
            var heads = new HashMap<Integer, Map<String, String>>();
            var bodies = new HashMap<Integer, ByteArrayOutputStream>();
            for (var next = connection.next(); next.isPresent(); next = connection.next()) {
                var frame = next.get();
                switch (frame.type()) {
                    case RawHttp2.SETTINGS -> {
                        if (frame.flags() == 0)
                            connection.frame(RawHttp2.SETTINGS, 1, 0).go();
                    }
                    case RawHttp2.PING -> {
                        if (frame.flags() == 0)
                            connection
                                    .frame(RawHttp2.PING, 1, 0, frame.payload())
                                    .go();
                    }
                    case RawHttp2.HEADERS -> heads.put(frame.stream(), connection.fields(frame));
                    case RawHttp2.DATA ->
                        bodies.computeIfAbsent(frame.stream(), _ -> new ByteArrayOutputStream())
                                .writeBytes(frame.payload());
                    default -> {}
                }
                if (!frame.ends()) continue;
                var head = heads.getOrDefault(frame.stream(), Map.of());
                var body = bodies.getOrDefault(frame.stream(), new ByteArrayOutputStream());
                answer(connection, frame.stream(), head, body.toByteArray());
            }
        }
    }

    private void answer(RawHttp2 connection, int stream, Map<String, String> head, byte[] body) throws IOException {
        var isGrpc = head.getOrDefault("content-type", "").startsWith("application/grpc");
        var skipped = isGrpc ? Math.min(EMPTY_MESSAGE.length, body.length) : 0;
        var answer = arrivals.arrived(new Arrival(
                instance,
                head.getOrDefault(Arrivals.MARK, ""),
                head.getOrDefault(":method", ""),
                head.getOrDefault(":path", ""),
                head.getOrDefault(":authority", ""),
                head,
                new String(body, skipped, body.length - skipped, ISO_8859_1)));
        switch (answer) {
            case Answer.Said said -> say(connection, stream, said, isGrpc);
            case Answer.Hang _ -> {}
            case Answer.Reset _ -> connection.number(RawHttp2.RST, stream, 2).go();
        }
    }

    private void say(RawHttp2 connection, int stream, Answer.Said said, boolean isGrpc) throws IOException {
        var pairs = new ArrayList<String>();
        pairs.addAll(List.of(":status", isGrpc ? "200" : "" + said.status().orElse(200), WHO, instance));
        if (isGrpc) pairs.addAll(List.of("content-type", "application/grpc"));
        said.headers().forEach((name, value) -> pairs.addAll(List.of(name, value)));
        if (isGrpc && said.status().orElse(0) != 0) { // an error is all that there is (gRPC's Trailers-Only)
            pairs.addAll(List.of("grpc-status", "" + said.status().orElse(0)));
            connection
                    .headers(stream, RawHttp2.WHOLE, pairs.toArray(String[]::new))
                    .go();
            return;
        }
        connection.headers(stream, RawHttp2.END_HEADERS, pairs.toArray(String[]::new));
        var text = said.body().orElse(instance).getBytes(ISO_8859_1);
        if (!isGrpc) {
            connection.frame(RawHttp2.DATA, RawHttp2.END_STREAM, stream, text).go();
            return;
        }
        var message = ByteBuffer.allocate(EMPTY_MESSAGE.length + text.length);
        message.put((byte) 0).putInt(text.length).put(text);
        connection.frame(RawHttp2.DATA, 0, stream, message.array());
        connection.headers(stream, RawHttp2.WHOLE, "grpc-status", "0").go();
    }

    private void nest(Socket socket) throws IOException {
        var connection = NestSocket.over(socket);
        while (true) {
            var message = connection.next();
            var found = NEST_MARK.matcher(message);
            var mark = found.find() ? found.group(1) : "";
            var answer = arrivals.arrived(new Arrival(instance, mark, "", "", "", Map.of(), message));
            var id = NestSocket.id(message);
            switch (answer) {
                case Answer.Said said -> {
                    var text = "\"" + said.body().orElse(instance) + "\"";
                    if (!id.isEmpty()) connection.send(NestOrigin.reply(text, id));
                }
                case Answer.Hang _ -> {}
                case Answer.Reset _ -> reset(socket);
            }
        }
    }

    /** Says who it is at once, as MySQL does; then a line comes, and goes back. */
    private void bytes(Socket socket) throws IOException {
        var out = socket.getOutputStream();
        out.write((instance + "\n").getBytes(UTF_8));
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            var parts = line.split(" ", 2);
            var answer = arrivals.arrived(
                    new Arrival(instance, parts[0], "", "", "", Map.of(), parts.length == 2 ? parts[1] : ""));
            switch (answer) {
                case Answer.Said _ -> out.write((line + "\n").getBytes(UTF_8));
                case Answer.Hang _ -> {}
                case Answer.Reset _ -> reset(socket);
            }
        }
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        origin.close();
    }
}
