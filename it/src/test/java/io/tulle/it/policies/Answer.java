package io.tulle.it.policies;

import io.tulle.dialects.reader.Node;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** What an application answers to one request. */
sealed interface Answer {
    /** Says who it is. */
    Answer USUAL = new Said(OptionalInt.empty(), Map.of(), Optional.empty());

    /**
     * An answer.
     *
     * @param status of HTTP, or of gRPC where that is spoken
     * @param body empty for the instance's name
     */
    record Said(OptionalInt status, Map<String, String> headers, Optional<String> body) implements Answer {}

    /** Never an answer, and the connection stays. */
    record Hang() implements Answer {}

    /** The connection is reset. */
    record Reset() implements Answer {}

    static Answer read(Node node, Fields fields) {
        return switch (node) {
            case Node.Numeral _ -> new Said(OptionalInt.of(fields.number(node)), Map.of(), Optional.empty());
            case Node.Text(var _, var word) when word.equals("hang") -> new Hang();
            case Node.Text(var _, var word) when word.equals("reset") -> new Reset();
            case Node.Mapping _ ->
                fields.within(node, f -> {
                    var headers = new TreeMap<String, String>();
                    f.byName("headers").forEach((name, value) -> headers.put(name, value.orElse("")));
                    var status = f.number("status").map(OptionalInt::of).orElseGet(OptionalInt::empty);
                    return new Said(status, headers, f.text("body"));
                });
            case Node.Text _, Node.Sequence _, Node.Bool _, Node.Null _ ->
                fields.wrong(node, "a status, 'hang', 'reset' or {status, headers, body}", USUAL);
        };
    }
}
