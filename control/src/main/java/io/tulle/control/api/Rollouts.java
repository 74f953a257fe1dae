package io.tulle.control.api;

import java.util.List;
import java.util.Optional;

/** How far a revision has come; asked by {@code tulle apply --wait}. */
@FunctionalInterface
public interface Rollouts {
    /** Empty for a revision that nobody follows. */
    Optional<Progress> of(long revision);

    /** Knows of no proxies. */
    static Rollouts none() {
        return _ -> Optional.empty();
    }

    /**
     * Where it stands.
     *
     * @param done proxies that confirmed it, or whose view it did not change
     * @param told proxies that were told anything new by it, or by a later one
     */
    record Progress(long revision, int proxies, int done, int told, List<Pending> pending) {
        public Progress {
            pending = List.copyOf(pending);
        }
    }

    /** @param rejected whether the proxy said no; then {@code reason} says why */
    record Pending(String proxy, boolean rejected, String reason) {}
}
