package io.tulle.xds.stream;

import io.tulle.xds.Culprit;
import java.util.List;
import java.util.Optional;

/**
 * How far one node is.
 *
 * @param published the version that it is to have
 * @param applied the version for which it has last answered in full
 * @param culprits what it refused of that version
 * @param streams how many streams it holds now; with none, the rest is what was known when it left
 */
public record NodeStatus(
        String node, Optional<String> published, Optional<String> applied, List<Culprit> culprits, int streams) {
    public NodeStatus {
        culprits = List.copyOf(culprits);
    }

    /** Whether it has answered for the newest version; what it refused is in {@link #culprits}. */
    public boolean isSettled() {
        return streams > 0 && published.isPresent() && published.equals(applied);
    }
}
