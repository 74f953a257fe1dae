package io.tulle.model.policy;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Changes to headers, in this order: remove, set (replaces all values), add (keeps what is there). Names are lower-case. */
public record HeaderEdits(List<Header> set, List<Header> add, List<String> remove) {
    public static final HeaderEdits NONE = new HeaderEdits(List.of(), List.of(), List.of());

    private static final Set<String> FRAMING = Set.of(
            "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "te", "trailer", "host");

    public HeaderEdits {
        set = List.copyOf(set);
        add = List.copyOf(add);
        remove = remove.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }

    public boolean isEmpty() {
        return set.isEmpty() && add.isEmpty() && remove.isEmpty();
    }

    /** One header; the name is kept lower-case. */
    public record Header(String name, String value) {
        public Header {
            name = name.toLowerCase(Locale.ROOT);
        }
    }

    /** Which message is changed. */
    public enum Of {
        REQUEST,
        RESPONSE
    }

    /**
     * The law of header edits: what says where a message ends belongs to the proxies, an edit of it would smuggle a request.
     *
     * @throws IllegalArgumentException naming the header that cannot be edited; setting a request's host is a rewrite
     */
    public void requireHarmless(Of what) {
        var replaced = set.stream()
                .map(Header::name)
                .filter(name -> what == Of.RESPONSE || !(name.equals("host") || name.equals(":authority")));
        var added = add.stream().map(Header::name);
        Stream.of(remove.stream(), replaced, added).flatMap(names -> names).forEach(name -> {
            if (name.isEmpty() || name.startsWith(":") || FRAMING.contains(name)) {
                throw new IllegalArgumentException(
                        "a route cannot edit the header '" + name + "': it frames or addresses the message");
            }
            if (hasBreak(name)) throw new IllegalArgumentException("the name of an edited header has several lines");
        });
        Stream.concat(set.stream(), add.stream()).forEach(header -> {
            if (hasBreak(header.value()))
                throw new IllegalArgumentException(
                        "the header " + header.name() + " is given a value of several lines");
        });
    }

    private static boolean hasBreak(String text) {
        return text.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0);
    }
}
