package io.tulle.proxy.report;

import io.tulle.proxy.filter.DryRun;
import io.tulle.proxy.message.Connection;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointSpec;
import java.time.Instant;
import java.util.Optional;

/**
 * All that is known of one opaque connection.
 *
 * @param receivedBytes from the caller
 * @param sentBytes to the caller
 * @param dryRun what policies that are only tried would have changed when it came; empty where there are none
 */
public record TcpReport(
        Connection connection,
        Optional<ClusterSpec> cluster,
        Optional<EndpointSpec> endpoint,
        Outcome outcome,
        long receivedBytes,
        long sentBytes,
        Instant start,
        long durationNanos,
        Optional<DryRun.Said> dryRun) {}
