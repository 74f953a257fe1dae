package io.tulle.model.policy;

import java.util.List;
import java.util.Locale;

/** Changes to headers, in this order: remove, set (replaces all values), add (keeps what is there). Names are lower-case. */
public record HeaderEdits(List<Header> set, List<Header> add, List<String> remove) {
    public static final HeaderEdits NONE = new HeaderEdits(List.of(), List.of(), List.of());

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
}
