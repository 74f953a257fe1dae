package io.tulle.compile;

import java.util.List;
import java.util.Optional;

/** Host names as gateways and routes write them: whole ones, {@code *.example.com} for all below one, {@code *} for all. */
final class Domains {
    static final String ALL = "*";

    private Domains() {}

    /** The names that both mean; empty where there is none (Gateway API: hostname intersection). */
    static Optional<String> both(String one, String other) {
        if (covers(one, other)) return Optional.of(other);
        return covers(other, one) ? Optional.of(one) : Optional.empty();
    }

    /** Whether one means all that another does. */
    static boolean covers(String wide, String narrow) {
        if (wide.equals(ALL) || wide.equals(narrow)) return true;
        return wide.startsWith("*.") && narrow.length() > wide.length() - 1 && narrow.endsWith(wide.substring(1));
    }

    /** By how much is said: a whole name the most, then the longer of two that stand for many. */
    static int specificity(String domain) {
        if (domain.equals(ALL)) return 0;
        return domain.startsWith("*.") ? domain.length() : 1_000 + domain.length();
    }

    /** Those that are written, or all. */
    static List<String> orAll(List<String> hosts) {
        return hosts.isEmpty() ? List.of(ALL) : hosts;
    }
}
