package io.tulle.model.policy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What of a request decides where it goes, so that equal ones go to one endpoint (Istio's ConsistentHashLB, Envoy's HashPolicy). */
public sealed interface HashKey {
    /** A header's value. */
    record Header(String lowerCaseName) implements HashKey {}

    /**
     * A cookie's value.
     *
     * @param ttl where it is said, a caller without the cookie is given one for so long; zero for as long as its session lasts
     * @param attributes what else stands in that cookie, an empty value for an attribute that has none
     */
    record Cookie(String name, Optional<String> path, Optional<Duration> ttl, List<Attribute> attributes)
            implements HashKey {
        public Cookie {
            path = path.filter(written -> !written.isEmpty());
            attributes = List.copyOf(attributes);
        }
    }

    /** Of a cookie: {@code SameSite} and {@code Strict}. */
    record Attribute(String name, String value) {}

    /** The address that the caller's connection comes from. */
    record SourceAddress() implements HashKey {}

    /** The first value of a query parameter. */
    record QueryParameter(String name) implements HashKey {}
}
