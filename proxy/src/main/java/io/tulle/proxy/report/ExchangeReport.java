package io.tulle.proxy.report;

import io.tulle.proxy.filter.DryRun;
import io.tulle.proxy.message.Connection;
import io.tulle.proxy.message.RequestHead;
import io.tulle.proxy.trace.SpanContext;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointSpec;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * All that is known of one exchange when it is over. Durations are nanoseconds since its head was read.
 *
 * @param connection who called, and at which end this sidecar stood (Istio's reporter)
 * @param request as it was routed: headers as forwarded
 * @param route the route's name; empty when none matched
 * @param cluster where it went; empty when it went nowhere
 * @param endpoint the last one tried
 * @param attempts how many there were; 0 when none was made
 * @param replays how many of them repeated one that its endpoint may have seen
 * @param requestBytes of the body, as received
 * @param responseBytes of the body, as sent
 * @param firstByteNanos until the answer's head came from the endpoint (x-envoy-upstream-service-time)
 * @param grpcStatus of a gRPC call that was answered
 * @param trace its place in a trace; empty where traces are off
 * @param dryRun what policies that are only tried would change; empty where there are none
 */
public record ExchangeReport(
        Connection connection,
        RequestHead request,
        String requestId,
        Optional<String> route,
        Optional<ClusterSpec> cluster,
        Optional<EndpointSpec> endpoint,
        Outcome outcome,
        int attempts,
        int replays,
        long requestBytes,
        long responseBytes,
        Instant start,
        long durationNanos,
        OptionalLong firstByteNanos,
        OptionalInt grpcStatus,
        Optional<SpanContext> trace,
        Optional<DryRun.Said> dryRun) {}
