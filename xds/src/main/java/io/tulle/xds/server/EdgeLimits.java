package io.tulle.xds.server;

import io.tulle.xds.stream.Limits;
import java.time.Duration;

/**
 * What callers may use of the edge.
 *
 * @param messageBytes how large a request may be
 * @param streams how many streams one identity, or one user of the Unix socket, may hold; all its instances share them
 * @param connections how many there may be at the address; the Unix socket has its own
 * @param ping how often a silent connection is asked if it still lives; at most {@link #LONGEST_PING}
 * @param patience how long a caller may take to begin
 */
public record EdgeLimits(
        int messageBytes, int streams, int connections, Duration ping, Patience patience, Limits subscriptions) {
    /**
     * Armeria 1.36 hands its milliseconds to the kernel as seconds (TCP_KEEPIDLE), which takes 32,767 of them: with more, each
     * connection of TCP is closed as soon as it is accepted.
     */
    public static final Duration LONGEST_PING = Duration.ofMillis(32_767);

    public static final EdgeLimits DEFAULT =
            new EdgeLimits(4 << 20, 5_000, 20_000, Duration.ofSeconds(10), Patience.DEFAULT, Limits.DEFAULT);

    public EdgeLimits {
        if (ping.compareTo(LONGEST_PING) > 0)
            throw new IllegalArgumentException("a ping every " + ping.toSeconds() + " s: no connection would be taken");
    }
}
