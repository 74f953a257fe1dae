package io.tulle.xds.codec;

import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.tulle.model.policy.ConnectionLimits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Envoy's circuit breakers, time to connect, and common options of HTTP; what is unset has Envoy's default. */
final class LimitsCodec implements DestinationPolicyCodec<ConnectionLimits> {
    private static final Duration ENVOY_CONNECT = Duration.ofSeconds(5);
    private static final int ENVOY_LIMIT = 1024;
    private static final int ENVOY_RETRIES = 3;
    private static final int NO_LIMIT = -1; // 2^32 - 1 on the wire, as Istio sends it

    @Override
    public Class<ConnectionLimits> kind() {
        return ConnectionLimits.class;
    }

    @Override
    public void encode(Optional<ConnectionLimits> policy, Writing into) {
        var limits = policy.orElse(ConnectionLimits.DEFAULT);
        into.cluster()
                .setConnectTimeout(Wellknown.duration(limits.connectTimeout()))
                .setCircuitBreakers(breakers(limits));
        var common = into.options().getCommonHttpProtocolOptionsBuilder();
        limits.idleTimeout().ifPresent(idle -> common.setIdleTimeout(Wellknown.duration(idle)));
        limits.requestsPerConnection().ifPresent(most -> common.setMaxRequestsPerConnection(Wellknown.number(most)));
    }

    @Override
    public Optional<ConnectionLimits> decode(Source from) {
        return Optional.of(limits(from.cluster(), from.options()));
    }

    private static CircuitBreakers breakers(ConnectionLimits limits) {
        return CircuitBreakers.newBuilder()
                .addThresholds(CircuitBreakers.Thresholds.newBuilder()
                        .setMaxConnections(Wellknown.number(limits.connections().orElse(NO_LIMIT)))
                        .setMaxPendingRequests(
                                Wellknown.number(limits.pendingRequests().orElse(NO_LIMIT)))
                        .setMaxRequests(Wellknown.number(limits.requests().orElse(NO_LIMIT)))
                        .setMaxRetries(Wellknown.number(limits.retries().orElse(NO_LIMIT))))
                .build();
    }

    private static ConnectionLimits limits(Node cluster, Optional<Node> options) {
        var common = options.flatMap(each -> each.child("common_http_protocol_options"));
        var idle = common.flatMap(each -> each.duration("idle_timeout"));
        var most =
                common.map(each -> each.wrapped("max_requests_per_connection")).orElse(OptionalInt.empty());
        var thresholds = cluster.child("circuit_breakers")
                .map(breakers -> breakers.children("thresholds"))
                .orElse(List.of());
        var first = thresholds.stream()
                .filter(each -> each.choice("priority").equals("DEFAULT"))
                .findFirst();
        if (first.isPresent()) first.get().ignore("track_remaining"); // statistics
        return new ConnectionLimits(
                limit(first, "max_connections", ENVOY_LIMIT),
                limit(first, "max_pending_requests", ENVOY_LIMIT),
                limit(first, "max_requests", ENVOY_LIMIT),
                limit(first, "max_retries", ENVOY_RETRIES),
                most,
                cluster.duration("connect_timeout").orElse(ENVOY_CONNECT),
                idle);
    }

    private static OptionalInt limit(Optional<Node> thresholds, String field, int unset) {
        var limit = thresholds.map(each -> each.wrapped(field)).orElse(OptionalInt.empty());
        return limit.orElse(unset) == Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of(limit.orElse(unset));
    }
}
