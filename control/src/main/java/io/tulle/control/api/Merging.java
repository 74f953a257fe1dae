package io.tulle.control.api;

import java.util.Map;

/**
 * Whether a kind takes strategic merge patches (Kubernetes' own kinds do, custom kinds do not), and by which key lists
 * are merged, by the list's path: {@code spec.ports -> port}. A list of plain values that is merged has the key "".
 */
public record Merging(boolean strategic, Map<String, String> keys) {
    public static final Merging NONE = new Merging(false, Map.of());

    public Merging {
        keys = Map.copyOf(keys);
    }

    /** Kubernetes' struct tags {@code patchStrategy:"merge"}; every other list is replaced whole. */
    public static Merging strategic(Map<String, String> keys) {
        return new Merging(true, keys);
    }
}
