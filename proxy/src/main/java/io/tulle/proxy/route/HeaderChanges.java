package io.tulle.proxy.route;

import io.tulle.model.policy.HeaderEdits;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Header edits of a route and of one of its targets, made into one list to run through once per request or response. */
public final class HeaderChanges {
    public static final HeaderChanges NONE = new HeaderChanges(List.of());

    /** What says where a message ends belongs to the doors: an edit of it would be a smuggled request. */
    private static final Set<String> FRAMING = Set.of(
            "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "te", "trailer", "host");

    private final List<Change> changes;

    private HeaderChanges(List<Change> changes) {
        this.changes = List.copyOf(changes);
    }

    /**
     * The edits in the order given, so that a later one has the last word (a target's after its route's); within one
     * edit: remove, set, add.
     *
     * @throws IllegalArgumentException when an edit names a header that frames messages, or a pseudo-header
     */
    public static HeaderChanges compile(List<HeaderEdits> inOrder) {
        var changes = new ArrayList<Change>();
        for (var edits : inOrder) {
            edits.remove().forEach(name -> changes.add(new Change.Remove(editable(name))));
            edits.set().forEach(h -> changes.add(new Change.Set(editable(h.name()), h.value())));
            edits.add().forEach(h -> changes.add(new Change.Add(editable(h.name()), h.value())));
        }
        return changes.isEmpty() ? NONE : new HeaderChanges(changes);
    }

    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /** Makes the changes on a message's own headers. */
    public void applyTo(Editable headers) {
        for (int i = 0; i < changes.size(); i++) changes.get(i).make(headers);
    }

    private static String editable(String name) {
        if (FRAMING.contains(name) || name.startsWith(":") || name.isEmpty()) {
            throw new IllegalArgumentException(
                    "a route cannot edit the header '" + name + "': it frames or addresses the message");
        }
        return name;
    }

    /** The headers of a request or a response, as a door or the relay keeps them. Names come in lower case. */
    public interface Editable {
        void remove(String name);

        /** Replaces all values. */
        void set(String name, String value);

        /** Keeps what is there. */
        void add(String name, String value);
    }

    private sealed interface Change {
        void make(Editable headers);

        record Remove(String name) implements Change {
            @Override
            public void make(Editable headers) {
                headers.remove(name);
            }
        }

        record Set(String name, String value) implements Change {
            @Override
            public void make(Editable headers) {
                headers.set(name, value);
            }
        }

        record Add(String name, String value) implements Change {
            @Override
            public void make(Editable headers) {
                headers.add(name, value);
            }
        }
    }
}
