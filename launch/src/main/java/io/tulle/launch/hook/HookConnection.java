package io.tulle.launch.hook;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tulle.dialects.reader.Json;
import io.tulle.dialects.reader.Node;
import io.tulle.dialects.reader.Reader;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** One hooked process at the control socket: hello, then one JSON object a line until it ends. */
final class HookConnection {
    private static final int MAX_LINE = 1 << 20;

    private final SocketChannel channel;
    private final HookDesk.Settings settings;
    private final HookDesk desk;
    private final Map<String, Listen> listens = new ConcurrentHashMap<>();

    HookConnection(SocketChannel channel, HookDesk.Settings settings, HookDesk desk) {
        this.channel = channel;
        this.settings = settings;
        this.desk = desk;
    }

    private record Listen(int port, InetSocketAddress actual) {}

    Map<Integer, InetSocketAddress> listens() {
        var all = new HashMap<Integer, InetSocketAddress>();
        listens.values().forEach(listen -> all.put(listen.port(), listen.actual()));
        return all;
    }

    void serve() {
        try (channel;
                var in = new BufferedInputStream(Channels.newInputStream(channel))) {
            var hello = line(in).flatMap(HookConnection::object);
            var refusal = hello.isEmpty() ? Optional.of(HookCode.BAD_HELLO.refusal("no hello")) : judge(hello.get());
            if (refusal.isPresent()) {
                send(refusal.get());
                return;
            }
            var answer = new LinkedHashMap<String, Node>();
            answer.put("hello", Node.of(1));
            answer.put("version", Node.of(settings.version()));
            send(Json.compact(Node.mapOf(answer)));
            desk.admit(this);
            for (var line = line(in); line.isPresent(); line = line(in)) {
                if (!object(line.get()).map(this::hear).orElse(false)) {
                    send(HookCode.BAD_LINE.refusal("it is not one of this protocol's lines"));
                    return;
                }
            }
        } catch (IOException _) {
            // The process is gone: so is what it listened on.
        } finally {
            listens.clear();
            desk.leave(this);
        }
    }

    /** Writes one line; a hook that cannot be written to is gone, which its reader finds out. */
    synchronized void send(String line) {
        try {
            var bytes = ByteBuffer.wrap((line + "\n").getBytes(UTF_8));
            while (bytes.hasRemaining()) channel.write(bytes);
        } catch (IOException _) {
            close();
        }
    }

    void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // closed is what was wanted
        }
    }

    private Optional<String> judge(Node.Mapping hello) {
        if (number(hello, "hello").orElse(0) != 1) {
            return Optional.of(HookCode.BAD_HELLO.refusal("it does not speak protocol 1"));
        }
        var secret = text(hello, "secret").orElse("").getBytes(UTF_8);
        if (!MessageDigest.isEqual(secret, settings.secret().getBytes(UTF_8))) {
            return Optional.of(HookCode.WRONG_SECRET.refusal("it does not know the secret of this run"));
        }
        var version = text(hello, "version").orElse("none");
        return version.equals(settings.version())
                ? Optional.empty()
                : Optional.of(HookCode.OTHER_VERSION.refusal(
                        "the hook is " + version + ", the sidecar " + settings.version()));
    }

    private boolean hear(Node.Mapping line) {
        var listen = line.get("listen").orElse(null);
        var unlisten = line.get("unlisten").orElse(null);
        if (listen instanceof Node.Mapping mapping) {
            var id = text(mapping, "id");
            var heard = listen(mapping);
            if (id.isEmpty() || heard.isEmpty()) return false;
            listens.put(id.get(), heard.get());
        } else if (unlisten instanceof Node.Mapping mapping) {
            text(mapping, "id").ifPresent(listens::remove);
        } else {
            return true; // a kind of line that a later hook may know: nothing to do
        }
        desk.recount();
        return true;
    }

    private static Optional<Listen> listen(Node.Mapping listen) {
        var port = number(listen, "port");
        var actual = listen.get("actual").orElse(Node.Mapping.EMPTY) instanceof Node.Mapping m ? m : Node.Mapping.EMPTY;
        var actualPort = number(actual, "port");
        if (port.isEmpty() || actualPort.isEmpty() || actualPort.get() < 1 || actualPort.get() > 65535) {
            return Optional.empty();
        }
        try {
            var host = InetAddress.ofLiteral(text(actual, "host").orElse("127.0.0.1"));
            // Only this machine: a hook cannot make the sidecar send requests elsewhere.
            if (!host.isLoopbackAddress()) return Optional.empty();
            return Optional.of(new Listen(port.get(), new InetSocketAddress(host, actualPort.get())));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Optional<String> line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (var b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') return Optional.of(line.toString(UTF_8));
            if (line.size() >= MAX_LINE) return Optional.of("");
            line.write(b);
        }
        return Optional.empty();
    }

    private static Optional<Node.Mapping> object(String line) {
        var reading = new Reader().json("hook", line);
        return reading.isClean()
                        && reading.documents().size() == 1
                        && reading.documents().getFirst() instanceof Node.Mapping mapping
                ? Optional.of(mapping)
                : Optional.empty();
    }

    private static Optional<String> text(Node.Mapping of, String key) {
        return of.get(key).orElse(null) instanceof Node.Text(var _, var value) ? Optional.of(value) : Optional.empty();
    }

    private static Optional<Integer> number(Node.Mapping of, String key) {
        return of.get(key).orElse(null) instanceof Node.Numeral(var _, var value)
                ? Optional.of(value.intValue())
                : Optional.empty();
    }
}
