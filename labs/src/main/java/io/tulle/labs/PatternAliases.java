package io.tulle.labs;

import io.tulle.labs.stage.NestClient;
import io.tulle.labs.stage.Stage;
import io.tulle.labs.stage.Unmet;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Spellings of one message that a Nest server hands to the same handler. Each is first shown to reach the handler of a
 * server that nobody guards, then to be refused by the sidecar of one whose handler a policy closes.
 */
final class PatternAliases {
    private static final Pattern COUNT = Pattern.compile("\"admin\\.clear\":\\{\"requests\":(\\d+)");
    private static final String STATS = NestClient.frame("{\"pattern\":{\"cmd\":\"stats\"},\"data\":{},\"id\":\"s\"}");

    private static final String CLOSED = """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: { name: no-admin }
            spec:
              selector: { matchLabels: { app: guarded } }
              action: DENY
              rules: [ { to: [ { operation: { paths: [ "/cmd=admin.clear" ] } } ] } ]
            """;

    /** What the mesh takes, in one form, and judges by it. */
    private static final List<String> ONE_FORM = Stream.of(
                    "{\"pattern\":{\"cmd\":\"admin.clear\"},\"data\":{},\"id\":\"1\"}",
                    "{\"id\":\"1\",\"data\":{},\"pattern\":{\"cmd\":\"admin.clear\"}}",
                    "{\"pattern\":{ \"cmd\" : \"admin.clear\" },\"data\":{},\"id\":\"1\"}",
                    "{\"pattern\":\"{\\\"cmd\\\":\\\"admin.clear\\\"}\",\"data\":{},\"id\":\"1\"}",
                    "{\"pattern\":\"{ \\\"cmd\\\": \\\"admin.clear\\\" }\",\"data\":{},\"id\":\"1\"}",
                    "{\"pattern\":{\"cmd\":\"admin\\u002eclear\"},\"data\":{},\"id\":\"1\"}",
                    "{\"pattern\":{\"c\\u006dd\":\"admin.clear\"},\"data\":{},\"id\":\"1\"}",
                    "{\"p\\u0061ttern\":{\"cmd\":\"admin.clear\"},\"data\":{},\"id\":\"1\"}")
            .map(NestClient::frame)
            .toList();

    /** What the mesh never takes, because two readers could see two messages in it. */
    private static final List<String> TWO_MEANINGS = Stream.concat(
                    Stream.of(
                                    "{\"pattern\":\"ping\",\"pattern\":{\"cmd\":\"admin.clear\"},\"data\":{},\"id\":\"1\"}",
                                    "{\"pattern\":\"ping\",\"p\\u0061ttern\":{\"cmd\":\"admin.clear\"},\"data\":{},\"id\":\"1\"}")
                            .map(NestClient::frame),
                    Stream.of("zz#", "x#").map(end -> {
                        var json = "{\"pattern\":{\"cmd\":\"admin.clear\"},\"data\":{},\"id\":\"1\"}";
                        return json.length() + end + json;
                    }))
            .toList();

    private PatternAliases() {}

    static String show(Stage stage) throws Exception {
        var all = Stream.concat(ONE_FORM.stream(), TWO_MEANINGS.stream()).toList();
        var bare = Stage.freePort();
        var node = List.of("node", "dist/cart/main.js");
        var variables = Map.of("PORT", "" + bare, "LISTEN_ON", "127.0.0.1");
        try (var server = stage.beside("bare-cart", node, variables, "cart listens")) {
            for (var spelling : all) reaches(bare, spelling, "a Nest server without a mesh");
        }
        var door = Stage.freePort();
        var options =
                List.of("--label", "app=guarded", "--expose", "4000/nest-tcp", "--publish", "4000=127.0.0.1:" + door);
        try (var guarded = stage.join("guarded", options, "node", "dist/cart/main.js")) {
            for (var spelling : ONE_FORM) reaches(door, spelling, "a guarded server without the policy");
            stage.apply(CLOSED);
            var before = arrived(door);
            for (var spelling : all) isRefused(door, spelling);
            Unmet.unless(arrived(door) == before, "a refused message was handled all the same");
        }
        return all.size() + " spellings of one Nest TCP pattern reach its handler, none with a policy against it";
    }

    private static void reaches(int port, String spelling, String where) throws IOException {
        var before = arrived(port);
        try (var client = new NestClient(port)) {
            var reply = client.ask(spelling);
            Unmet.unless(reply.isPresent(), where + " closes on " + spelling);
        }
        Unmet.unless(arrived(port) == before + 1, where + " did not hand it to the handler: " + spelling);
    }

    private static void isRefused(int port, String spelling) throws IOException {
        try (var client = new NestClient(port)) {
            var reply = client.ask(spelling);
            var denied = reply.filter(said -> said.contains("\"err\"") && said.contains("TUL1602"));
            Unmet.unless(
                    TWO_MEANINGS.contains(spelling) ? reply.isEmpty() : denied.isPresent(),
                    spelling + " was not refused but answered " + reply.orElse("by the end of the connection"));
        }
    }

    private static long arrived(int port) throws IOException {
        try (var client = new NestClient(port)) {
            var found = COUNT.matcher(client.ask(STATS).orElse(""));
            return found.find() ? Long.parseLong(found.group(1)) : 0;
        }
    }
}
