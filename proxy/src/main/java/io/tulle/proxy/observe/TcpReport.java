package io.tulle.proxy.observe;

import io.tulle.proxy.exchange.Connection;
import io.tulle.proxy.exchange.Outcome;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointSpec;
import java.time.Instant;
import java.util.Optional;

/**
 * All that is known of one opaque connection.
 *
 * @param receivedBytes from the caller
 * @param sentBytes to the caller
 */
public record TcpReport(
        Connection connection,
        Optional<ClusterSpec> cluster,
        Optional<EndpointSpec> endpoint,
        Outcome outcome,
        long receivedBytes,
        long sentBytes,
        Instant start,
        long durationNanos) {}
