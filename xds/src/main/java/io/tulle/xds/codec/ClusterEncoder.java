package io.tulle.xds.codec;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.OutlierDetection;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.type.v3.Percent;
import io.tulle.model.Protocol;
import io.tulle.model.policy.ConnectionLimits;
import io.tulle.model.policy.OutlierPolicy;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.ClusterSpec.Security;
import io.tulle.xds.spec.ClusterSpec.Source;
import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.wire.facts.ClusterFacts;
import java.util.List;
import java.util.OptionalInt;

/** A ClusterSpec as Envoy's Cluster. */
final class ClusterEncoder {
    static final String HTTP_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
    private static final int NO_LIMIT = -1; // 2^32 - 1 on the wire, as Istio sends it

    private ClusterEncoder() {}

    static Cluster encode(ClusterSpec spec) {
        var facts = ClusterFacts.newBuilder();
        if (!spec.host().equals(spec.name())) facts.setHost(spec.host());
        if (!isImplied(spec.protocol())) facts.setProtocol(spec.protocol().written());
        var limits = spec.limits();
        var cluster = Cluster.newBuilder()
                .setName(spec.name())
                .setConnectTimeout(Wellknown.duration(limits.connectTimeout()))
                .setLbPolicy(
                        switch (spec.balancing()) {
                            case LEAST_REQUEST -> Cluster.LbPolicy.LEAST_REQUEST;
                            case ROUND_ROBIN -> Cluster.LbPolicy.ROUND_ROBIN;
                            case RANDOM -> Cluster.LbPolicy.RANDOM;
                        })
                .setCircuitBreakers(breakers(limits))
                .putTypedExtensionProtocolOptions(HTTP_OPTIONS, Any.pack(options(spec)));
        source(spec, cluster, facts);
        if (spec.security() instanceof Security.MutualTls tls) {
            cluster.setTransportSocket(Tls.upstream(tls, spec.protocol()));
        }
        var panic = spec.outliers().map(OutlierPolicy::minHealthPercent).orElse(0);
        cluster.getCommonLbConfigBuilder() // Envoy: unset is 50 %
                .setHealthyPanicThreshold(Percent.newBuilder().setValue(panic));
        spec.outliers().ifPresent(policy -> cluster.setOutlierDetection(outliers(policy)));
        var known = facts.build();
        if (!known.equals(ClusterFacts.getDefaultInstance())) cluster.setMetadata(Wellknown.facts(known));
        return cluster.build();
    }

    /** Whether the protocol options alone say it. */
    static boolean isImplied(Protocol protocol) {
        return switch (protocol) {
            case HTTP, HTTP2, UNDECLARED -> true;
            case GRPC, NEST_TCP, TCP -> false;
        };
    }

    private static void source(ClusterSpec spec, Cluster.Builder cluster, ClusterFacts.Builder facts) {
        switch (spec.source()) {
            case Source.Discovered() -> {
                cluster.setType(Cluster.DiscoveryType.EDS);
                cluster.getEdsClusterConfigBuilder().setEdsConfig(Wellknown.ADS);
            }
            case Source.Application(var port) -> {
                facts.setApplicationPort(port);
                fixed(cluster, List.of(EndpointSpec.of("application", "127.0.0.1", port)));
            }
            case Source.Fixed(var endpoints) -> fixed(cluster, endpoints);
            case Source.Resolved(var host, var port) ->
                cluster.setType(Cluster.DiscoveryType.STRICT_DNS)
                        .setLoadAssignment(Endpoints.encode(spec.name(), List.of(EndpointSpec.of(host, host, port))));
        }
    }

    private static void fixed(Cluster.Builder cluster, List<EndpointSpec> endpoints) {
        cluster.setType(Cluster.DiscoveryType.STATIC).setLoadAssignment(Endpoints.encode(cluster.getName(), endpoints));
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

    private static HttpProtocolOptions options(ClusterSpec spec) {
        var options = HttpProtocolOptions.newBuilder();
        var common =
                options.getCommonHttpProtocolOptionsBuilder().setIdleTimeout(Wellknown.duration(spec.idleTimeout()));
        spec.limits()
                .requestsPerConnection()
                .ifPresent(most -> common.setMaxRequestsPerConnection(Wellknown.number(most)));
        switch (spec.protocol()) {
            case HTTP2, GRPC ->
                options.getExplicitHttpConfigBuilder()
                        .setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance());
            case UNDECLARED ->
                options.getUseDownstreamProtocolConfigBuilder()
                        .setHttpProtocolOptions(Http1ProtocolOptions.getDefaultInstance())
                        .setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance());
            case HTTP, NEST_TCP, TCP ->
                options.getExplicitHttpConfigBuilder()
                        .setHttpProtocolOptions(Http1ProtocolOptions.getDefaultInstance());
        }
        return options.build();
    }

    private static OutlierDetection outliers(OutlierPolicy policy) {
        var outliers = OutlierDetection.newBuilder()
                .setSplitExternalLocalOriginErrors(policy.splitLocalErrors())
                .setInterval(Wellknown.duration(policy.interval()))
                .setBaseEjectionTime(Wellknown.duration(policy.baseEjection()))
                .setMaxEjectionPercent(Wellknown.number(policy.maxEjectionPercent()))
                .setEnforcingSuccessRate(Wellknown.number(0)); // on in Envoy unless said, as nobody here asked for
        policy.consecutive5xx()
                .ifPresent(count -> outliers.setConsecutive5Xx(Wellknown.number(count))
                        .setEnforcingConsecutive5Xx(enforced(policy.consecutive5xx())));
        policy.consecutiveGateway()
                .ifPresent(count -> outliers.setConsecutiveGatewayFailure(Wellknown.number(count))
                        .setEnforcingConsecutiveGatewayFailure(enforced(policy.consecutiveGateway())));
        policy.consecutiveLocal()
                .ifPresent(count -> outliers.setConsecutiveLocalOriginFailure(Wellknown.number(count))
                        .setEnforcingConsecutiveLocalOriginFailure(enforced(policy.consecutiveLocal())));
        return outliers.build();
    }

    private static com.google.protobuf.UInt32Value enforced(OptionalInt count) {
        return Wellknown.number(count.orElse(0) == 0 ? 0 : 100);
    }
}
