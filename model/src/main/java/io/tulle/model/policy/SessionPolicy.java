package io.tulle.model.policy;

import java.time.Duration;
import java.util.Optional;

/**
 * Requests of one session go to the endpoint that answered its first, as long as that may be chosen: a token that the caller sends
 * back says which it was (Gateway API's SessionPersistence, GEP-1619; Envoy's stateful session).
 *
 * @param absolute how long a session lasts, whatever happens; empty for as long as the caller keeps its token
 */
public record SessionPolicy(Carrier carrier, Optional<Duration> absolute) implements RoutePolicy {
    /** Where the token travels. */
    public sealed interface Carrier {}

    /** @param permanent whether the caller keeps it when its own session ends, until the absolute time is over */
    public record Cookie(String name, String path, boolean permanent) implements Carrier {}

    /** A header of requests and of answers. */
    public record Header(String lowerCaseName) implements Carrier {}

    public SessionPolicy {
        absolute = absolute.filter(time -> !time.isZero());
    }

    @Override
    public void requireSound() {
        if (carrier instanceof Header && absolute.isPresent())
            throw new IllegalArgumentException("a session's header has no end of its own");
        if (carrier instanceof Cookie(var _, var _, var permanent) && permanent && absolute.isEmpty())
            throw new IllegalArgumentException("a permanent cookie without an end");
    }
}
