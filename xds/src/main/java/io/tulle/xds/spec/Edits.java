package io.tulle.xds.spec;

import io.tulle.model.policy.HeaderEdits;
import java.util.Set;
import java.util.stream.Stream;

/** The law of header edits: what says where a message ends belongs to the proxies, an edit of it would smuggle a request. */
final class Edits {
    private static final Set<String> FRAMING = Set.of(
            "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "te", "trailer", "host");

    private Edits() {}

    enum Of {
        REQUEST,
        RESPONSE
    }

    /** @throws IllegalArgumentException naming the header that cannot be edited; setting a request's host is a rewrite */
    static void requireHarmless(HeaderEdits edits, Of what) {
        var set = edits.set().stream()
                .map(HeaderEdits.Header::name)
                .filter(name -> what == Of.RESPONSE || !(name.equals("host") || name.equals(":authority")));
        var add = edits.add().stream().map(HeaderEdits.Header::name);
        Stream.of(edits.remove().stream(), set, add).flatMap(names -> names).forEach(name -> {
            if (name.isEmpty() || name.startsWith(":") || FRAMING.contains(name)) {
                throw new IllegalArgumentException(
                        "a route cannot edit the header '" + name + "': it frames or addresses the message");
            }
            if (hasBreak(name)) throw new IllegalArgumentException("the name of an edited header has several lines");
        });
        Stream.concat(edits.set().stream(), edits.add().stream()).forEach(header -> {
            if (hasBreak(header.value()))
                throw new IllegalArgumentException(
                        "the header " + header.name() + " is given a value of several lines");
        });
    }

    private static boolean hasBreak(String text) {
        return text.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0);
    }
}
