package io.tulle.proxy.message;

import io.tulle.proxy.route.HeaderChanges;
import java.util.Arrays;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * The fields of one head or trailer section, in order of arrival. Names are lower-case (HTTP/2's rule, RFC 9113 section
 * 8.2, and what Envoy forwards to HTTP/1 peers); values have no control characters but tab. Owned by one exchange on one
 * event loop; not thread-safe.
 */
public final class Headers implements HeaderChanges.Editable {
    private static final String[] NOTHING = new String[0];

    private String[] pairs;
    private int length;

    private Headers(String[] pairs, int length) {
        this.pairs = pairs;
        this.length = length;
    }

    /** Fields given as name, value, name, value…; names lower-case. */
    public static Headers of(String... pairs) {
        if (pairs.length % 2 != 0) throw new IllegalArgumentException("a name without a value");
        return new Headers(pairs.clone(), pairs.length);
    }

    public static Headers empty() {
        return new Headers(NOTHING, 0);
    }

    public int count() {
        return length / 2;
    }

    public boolean isEmpty() {
        return length == 0;
    }

    public String name(int index) {
        return pairs[2 * index];
    }

    public String value(int index) {
        return pairs[2 * index + 1];
    }

    public boolean has(String name) {
        return indexOf(name) >= 0;
    }

    /** The first value of this name. */
    public Optional<String> first(String name) {
        var at = indexOf(name);
        return at < 0 ? Optional.empty() : Optional.of(pairs[at + 1]);
    }

    /** Whether a list field names this token, case ignored (RFC 9110 section 5.6.1). */
    public boolean lists(String name, String token) {
        for (int i = indexOf(name); i >= 0; i = indexOf(name, i + 2)) {
            for (var part : pairs[i + 1].split(",", -1)) {
                if (part.strip().equalsIgnoreCase(token)) return true;
            }
        }
        return false;
    }

    /** All values of this name joined by a comma, as RFC 9110 section 5.3 reads a repeated field. */
    public Optional<String> joined(String name) {
        var at = indexOf(name);
        if (at < 0) return Optional.empty();
        if (indexOf(name, at + 2) < 0) return Optional.of(pairs[at + 1]);
        var all = new StringJoiner(",");
        for (int i = at; i < length; i += 2) {
            if (pairs[i].equals(name)) all.add(pairs[i + 1]);
        }
        return Optional.of(all.toString());
    }

    public int countOf(String name) {
        int count = 0;
        for (int i = 0; i < length; i += 2) {
            if (pairs[i].equals(name)) count++;
        }
        return count;
    }

    /** Appends a field and keeps what is there. */
    @Override
    public void add(String name, String value) {
        if (length == pairs.length) pairs = Arrays.copyOf(pairs, Math.max(16, length * 2));
        pairs[length++] = name;
        pairs[length++] = value;
    }

    /** Puts one field in the place of all of this name. */
    @Override
    public void set(String name, String value) {
        var at = indexOf(name);
        if (at < 0) {
            add(name, value);
            return;
        }
        pairs[at + 1] = value;
        removeFrom(at + 2, name);
    }

    @Override
    public void remove(String name) {
        removeFrom(0, name);
    }

    public Headers copy() {
        return new Headers(Arrays.copyOf(pairs, length), length);
    }

    private int indexOf(String name) {
        return indexOf(name, 0);
    }

    private int indexOf(String name, int from) {
        for (int i = from; i < length; i += 2) {
            if (pairs[i].equals(name)) return i;
        }
        return -1;
    }

    private void removeFrom(int from, String name) {
        int kept = from;
        for (int i = from; i < length; i += 2) {
            if (pairs[i].equals(name)) continue;
            pairs[kept] = pairs[i];
            pairs[kept + 1] = pairs[i + 1];
            kept += 2;
        }
        length = kept;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Headers that
                && length == that.length
                && Arrays.equals(pairs, 0, length, that.pairs, 0, length);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(Arrays.copyOf(pairs, length));
    }

    @Override
    public String toString() {
        var text = new StringJoiner(", ", "{", "}");
        for (int i = 0; i < length; i += 2) text.add(pairs[i] + ": " + pairs[i + 1]);
        return text.toString();
    }
}
