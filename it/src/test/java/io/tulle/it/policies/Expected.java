package io.tulle.it.policies;

import io.tulle.dialects.reader.Node;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What must come of a request.
 *
 * @param by which instance answers
 * @param received how the request came to whoever answered
 * @param copied how a copy came to its mirror
 * @param mirrored which instances hear a copy, and of how many of the requests
 * @param attempts how often the applications hear of each request, copies aside; empty: once when one of them answers
 */
record Expected(
        Optional<Shares> by,
        Reply reply,
        Optional<Arrived> received,
        Optional<Arrived> copied,
        Optional<Shares.Of> mirrored,
        Optional<Integer> attempts) {
    /** Whoever answers when no application does. */
    static final String NOBODY = "nobody";

    /**
     * What the caller hears.
     *
     * @param status of HTTP, or {@code closed} for a connection that ended without an answer
     * @param headers each with its value, {@code *} for any, empty for none
     * @param code of the mesh's own answer
     * @param flags Envoy's response flags in the caller's log
     * @param grpc the status of gRPC
     */
    record Reply(
            Optional<Shares> status,
            Map<String, Optional<String>> headers,
            Optional<String> body,
            Optional<String> code,
            Optional<String> flags,
            Optional<String> grpc) {}

    /** How a request came to an application. */
    record Arrived(
            Optional<String> method,
            Optional<String> path,
            Optional<String> authority,
            Map<String, Optional<String>> headers,
            Optional<String> body) {}

    static Expected read(Fields fields) {
        var code = fields.text("code");
        var status = fields.get("status").map(node -> Shares.read(node, fields));
        var reply = new Reply(
                status,
                lower(fields.byName("headers")),
                fields.text("body"),
                code,
                fields.text("flags"),
                fields.text("grpc"));
        return new Expected(
                fields.get("by").map(node -> Shares.read(node, fields)),
                reply,
                fields.get("received").map(node -> fields.within(node, Expected::arrived)),
                fields.get("copied").map(node -> fields.within(node, Expected::arrived)),
                fields.get("mirrored").map(node -> mirrored(node, fields)),
                fields.number("attempts"));
    }

    private static Arrived arrived(Fields fields) {
        return new Arrived(
                fields.text("method"),
                fields.text("path"),
                fields.text("authority"),
                lower(fields.byName("headers")),
                fields.text("body"));
    }

    private static Map<String, Optional<String>> lower(Map<String, Optional<String>> headers) {
        var all = new TreeMap<String, Optional<String>>();
        headers.forEach((name, value) -> all.put(name.toLowerCase(java.util.Locale.ROOT), value));
        return all;
    }

    private static Shares.Of mirrored(Node node, Fields fields) {
        if (node instanceof Node.Mapping mapping) return Shares.percentages(mapping, fields);
        var all = new TreeMap<String, Double>();
        Fields.items(node).forEach(item -> all.put(fields.text(item), 100.0));
        return new Shares.Of(all);
    }

    /** Whether it says what comes of many requests rather than of each. */
    boolean isOfMany() {
        return Stream.of(by, reply.status(), mirrored).flatMap(Optional::stream).anyMatch(Expected::isOfMany);
    }

    private static boolean isOfMany(Shares shares) {
        return shares instanceof Shares.Of(var percent)
                && percent.values().stream().anyMatch(share -> share > 0 && share < 100);
    }

    /** Whether it says what only HTTP has. */
    boolean isOfHttp() {
        return reply.status().isPresent()
                || !reply.headers().isEmpty()
                || reply.grpc().isPresent();
    }

    /** Whether this instance hears copies. */
    boolean isMirror(String instance) {
        return mirrored.filter(shares -> shares.percent().containsKey(instance)).isPresent();
    }

    /** The status that is meant where none is written: an application answers well. */
    Optional<Shares> status() {
        var isOwn = reply.code().isPresent()
                || by.filter(Shares.all(NOBODY)::equals).isPresent();
        return reply.status().or(() -> isOwn || isOfMany() ? Optional.empty() : Optional.of(Shares.all("200")));
    }
}
