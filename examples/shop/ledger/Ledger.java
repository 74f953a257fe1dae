import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/**
 * The shop's book of payments: one file, run by {@code java Ledger.java} on JDK 17 or later, with the JDK's own HTTP server.
 *
 * <pre>
 * POST /entries   a form: order, amount (cents), note      GET /book     all entries, oldest first
 * GET  /store     where the book is kept                   GET /health   GET /stats
 * </pre>
 *
 * The book is a list in Redis ({@code REDIS_URL}); with {@code LEDGER_STORE=memory} it lasts as long as the process.
 */
public final class Ledger {
    private static final int LONGEST_BODY = 64 * 1024;
    private static final int MOST_REQUEST_IDS = 100_000;

    private final Store store;
    private final String instance;
    private final Map<String, Integer> requests = new TreeMap<>();
    private final Map<String, Integer> firstAttempts = new TreeMap<>();
    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    private Ledger(Store store, String instance) {
        this.store = store;
        this.instance = instance;
    }

    public static void main(String[] args) throws IOException {
        var port = Integer.parseInt(setting("PORT", "8080"));
        var instance = setting(
                "INSTANCE",
                InetAddress.getLocalHost().getHostName() + "-"
                        + ProcessHandle.current().pid());
        var ledger = new Ledger(openStore(), instance);

        var server = HttpServer.create(new InetSocketAddress(setting("LISTEN_ON", "0.0.0.0"), port), 0);
        server.createContext("/", ledger::handle);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(1))); // what is under way may end
        System.out.println("ledger listens on " + port + ", book kept in " + ledger.store.name());
    }

    private static Store openStore() {
        if (setting("LEDGER_STORE", "redis").equals("memory")) return new InMemory();
        var url = setting("REDIS_URL", "redis://redis:6379");
        try {
            var redis = new InRedis(URI.create(url));
            redis.entries();
            return redis;
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("ledger: no Redis at REDIS_URL (" + withoutPassword(url) + "): " + e
                    + "\nledger: start one there, or set LEDGER_STORE=memory for a book that is lost at the end");
            System.exit(1);
            throw new AssertionError(e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        var request =
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        count(request, exchange.getRequestHeaders().getFirst("x-request-id"));
        Answer answer;
        try {
            answer = switch (request) {
                case "POST /entries" -> write(form(exchange));
                case "GET /book" -> new Answer(200, object("store", store.name(), "entries", store.entries()));
                case "GET /store" -> new Answer(200, object("store", store.name()));
                case "GET /health" -> new Answer(200, object("status", "ok", "instance", instance));
                case "GET /stats" -> new Answer(200, stats());
                default -> new Answer(404, object("error", "there is no " + request));
            };
        } catch (IllegalArgumentException e) {
            answer = new Answer(400, object("error", e.getMessage()));
        } catch (IOException e) {
            answer = new Answer(503, object("error", "the store " + store.name() + " failed: " + e.getMessage()));
        }
        var body = answer.json().getBytes(UTF_8);
        exchange.getResponseHeaders().set("content-type", "application/json; charset=utf-8");
        exchange.sendResponseHeaders(answer.status(), body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private Answer write(Map<String, String> form) throws IOException {
        var order = form.getOrDefault("order", "");
        if (order.isEmpty()) throw new IllegalArgumentException("an entry has an order");
        if (!form.getOrDefault("amount", "").matches("[0-9]{1,12}")) {
            throw new IllegalArgumentException("an entry has an amount in cents");
        }
        var amount = Long.parseLong(form.get("amount"));
        var entry = object("order", order, "amount", amount, "note", form.getOrDefault("note", ""));
        store.append(entry);
        return new Answer(201, entry);
    }

    private static Map<String, String> form(HttpExchange exchange) throws IOException {
        var bytes = exchange.getRequestBody().readNBytes(LONGEST_BODY + 1);
        if (bytes.length > LONGEST_BODY) throw new IllegalArgumentException("a body of at most 64 KiB");
        var form = new LinkedHashMap<String, String>();
        for (var field : new String(bytes, UTF_8).split("&")) {
            var cut = field.indexOf('=');
            if (cut > 0)
                form.put(
                        URLDecoder.decode(field.substring(0, cut), UTF_8),
                        URLDecoder.decode(field.substring(cut + 1), UTF_8));
        }
        return form;
    }

    // ---- counting: what arrived, never what was in it

    private synchronized void count(String request, String id) {
        var key = requests.containsKey(request) || requests.size() < 500 ? request : "other";
        requests.merge(key, 1, Integer::sum);
        var first = id == null || (seen.size() < MOST_REQUEST_IDS && seen.add(request + " " + id));
        if (first) firstAttempts.merge(key, 1, Integer::sum);
    }

    private synchronized Json stats() {
        var counts = new ArrayList<Object>();
        requests.forEach((request, n) -> {
            counts.add(request);
            counts.add(object("requests", n, "firstAttempts", firstAttempts.getOrDefault(request, 0)));
        });
        return object("service", "ledger", "version", "v1", "instance", instance, "counts", object(counts.toArray()));
    }

    // ---- where the book is kept

    private interface Store {
        String name();

        void append(Json entry) throws IOException;

        List<Json> entries() throws IOException;
    }

    private static final class InMemory implements Store {
        private final List<Json> entries = new CopyOnWriteArrayList<>();

        @Override
        public String name() {
            return "memory";
        }

        @Override
        public void append(Json entry) {
            entries.add(entry);
        }

        @Override
        public List<Json> entries() {
            return List.copyOf(entries);
        }
    }

    /** Speaks Redis's protocol (RESP2) over one plain socket, which is opened when it is needed. */
    private static final class InRedis implements Store {
        private static final String KEY = "shop:ledger";
        private static final int PATIENCE_MS = 5_000;
        private final URI url;
        private Socket socket;
        private InputStream in;

        InRedis(URI url) {
            if (url.getHost() == null) throw new IllegalArgumentException("REDIS_URL is like redis://host:6379");
            this.url = url;
        }

        @Override
        public String name() {
            return "redis";
        }

        @Override
        public void append(Json entry) throws IOException {
            ask("RPUSH", KEY, entry.text());
        }

        @Override
        public List<Json> entries() throws IOException {
            return ((List<?>) ask("LRANGE", KEY, "0", "-1"))
                    .stream().map(entry -> new Json((String) entry)).toList();
        }

        private synchronized Object ask(String... words) throws IOException {
            try {
                if (socket == null) open();
                return command(words);
            } catch (IOException e) {
                close(); // the next question finds a new connection
                throw e;
            }
        }

        private void open() throws IOException {
            socket = new Socket();
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MS);
            socket.connect(new InetSocketAddress(url.getHost(), url.getPort() < 0 ? 6379 : url.getPort()), PATIENCE_MS);
            in = new BufferedInputStream(socket.getInputStream());
            var user = url.getUserInfo() == null ? "" : url.getUserInfo();
            var colon = user.indexOf(':');
            if (colon == 0) command("AUTH", user.substring(1));
            if (colon > 0) command("AUTH", user.substring(0, colon), user.substring(colon + 1));
            if (url.getPath().length() > 1) command("SELECT", url.getPath().substring(1));
        }

        private void close() throws IOException {
            if (socket != null) socket.close();
            socket = null;
        }

        private Object command(String... words) throws IOException {
            var text = new StringBuilder("*" + words.length + "\r\n");
            for (var word : words)
                text.append("$")
                        .append(word.getBytes(UTF_8).length)
                        .append("\r\n")
                        .append(word)
                        .append("\r\n");
            socket.getOutputStream().write(text.toString().getBytes(UTF_8));
            var reply = reply();
            if (reply instanceof IOException refused) throw refused;
            return reply;
        }

        private Object reply() throws IOException {
            var line = line();
            var rest = line.substring(1);
            return switch (line.charAt(0)) {
                case '+' -> rest;
                case '-' -> new IOException("Redis said: " + rest);
                case ':' -> Long.valueOf(rest);
                case '$' -> bulk(Integer.parseInt(rest));
                case '*' -> {
                    var all = new ArrayList<Object>();
                    for (int n = Integer.parseInt(rest); n > 0; n--) all.add(reply());
                    yield all;
                }
                default -> throw new IOException("this is not Redis: " + line);
            };
        }

        private String bulk(int length) throws IOException {
            if (length < 0) throw new IOException("Redis has nothing there");
            var bytes = in.readNBytes(length);
            in.skipNBytes(2);
            return new String(bytes, UTF_8);
        }

        private String line() throws IOException {
            var line = new StringBuilder();
            for (int b = in.read(); b != '\r'; b = in.read()) {
                if (b < 0) throw new EOFException("Redis closed the connection");
                if (line.length() > 1024) throw new IOException("this is not Redis: a line without an end");
                line.append((char) b);
            }
            in.skipNBytes(1);
            if (line.isEmpty()) throw new IOException("this is not Redis: an empty line");
            return line.toString();
        }
    }

    // ---- JSON, as much as is needed to write it

    private record Answer(int status, Json body) {
        String json() {
            return body.text();
        }
    }

    private record Json(String text) {}

    private static Json object(Object... namesAndValues) {
        var fields = new ArrayList<String>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(quoted(namesAndValues[i].toString()) + ":" + value(namesAndValues[i + 1]));
        }
        return new Json("{" + String.join(",", fields) + "}");
    }

    private static String value(Object value) {
        if (value instanceof Json json) return json.text();
        if (value instanceof Number number) return number.toString();
        if (value instanceof List<?> list)
            return "[" + String.join(",", list.stream().map(Ledger::value).toList()) + "]";
        return quoted(value.toString());
    }

    private static String quoted(String text) {
        var json = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') json.append('\\').append((char) c);
            else if (c < ' ') json.append(String.format("\\u%04x", c));
            else json.append((char) c);
        });
        return json.append('"').toString();
    }

    private static String setting(String name, String usual) {
        var value = System.getenv(name);
        return value == null ? usual : value;
    }

    private static String withoutPassword(String url) {
        return url.replaceFirst("//[^/@]*@", "//***@");
    }
}
