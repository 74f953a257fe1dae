package io.tulle.xds.server;

import io.tulle.xds.stream.Limits;
import java.time.Duration;

/**
 * What callers may use of the edge.
 *
 * @param messageBytes how large a request may be
 * @param streams how many streams one identity, or one user of the Unix socket, may hold; all its instances share them
 * @param connections how many there may be at the address; the Unix socket has its own
 * @param ping how often a silent connection is asked if it still lives
 * @param patience how long a caller may take to begin
 */
public record EdgeLimits(
        int messageBytes, int streams, int connections, Duration ping, Patience patience, Limits subscriptions) {
    public static final EdgeLimits DEFAULT =
            new EdgeLimits(4 << 20, 5_000, 20_000, Duration.ofSeconds(10), Patience.DEFAULT, Limits.DEFAULT);
}
