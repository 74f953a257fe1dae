package io.tulle.xds.codec;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.tulle.model.Protocol;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.ClusterSpec.Security;
import io.tulle.xds.spec.ClusterSpec.Source;
import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.wire.facts.ClusterFacts;
import java.util.List;

/** A ClusterSpec as Envoy's Cluster. */
final class ClusterEncoder {
    static final String HTTP_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    private ClusterEncoder() {}

    static Cluster encode(ClusterSpec spec) {
        var facts = ClusterFacts.newBuilder();
        if (!spec.host().equals(spec.name())) facts.setHost(spec.host());
        if (!isImplied(spec.protocol())) facts.setProtocol(spec.protocol().written());
        var cluster = Cluster.newBuilder().setName(spec.name());
        var options = options(spec);
        DestinationPolicyCodec.encode(spec.policies(), new DestinationPolicyCodec.Writing(cluster, options));
        cluster.putTypedExtensionProtocolOptions(HTTP_OPTIONS, Any.pack(options.build()));
        source(spec, cluster, facts);
        switch (spec.security()) {
            case Security.Plaintext _ -> {}
            case Security.MutualTls tls -> cluster.setTransportSocket(Tls.upstream(tls, spec.protocol()));
            case Security.Tls tls -> cluster.setTransportSocket(Origination.encode(tls, spec.protocol()));
        }
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
                BalancingCodec.hashByInstance(cluster);
            }
            case Source.Application(var port) -> {
                facts.setApplicationPort(port);
                fixed(cluster, List.of(EndpointSpec.of("application", "127.0.0.1", port)));
            }
            case Source.Fixed(var endpoints) -> fixed(cluster, endpoints);
            case Source.Resolved(var names) ->
                cluster.setType(Cluster.DiscoveryType.STRICT_DNS)
                        .setLoadAssignment(Endpoints.encode(spec.name(), names));
            case Source.Dialled(var host, var port, var addresses) -> {
                cluster.setType(Cluster.DiscoveryType.ORIGINAL_DST).setLbPolicy(Cluster.LbPolicy.CLUSTER_PROVIDED);
                cluster.getOriginalDstLbConfigBuilder().setUpstreamPortOverride(Wellknown.number(port));
                facts.getDialledBuilder().setHost(host).addAllAddresses(addresses);
            }
        }
    }

    private static void fixed(Cluster.Builder cluster, List<EndpointSpec> endpoints) {
        cluster.setType(Cluster.DiscoveryType.STATIC).setLoadAssignment(Endpoints.encode(cluster.getName(), endpoints));
    }

    private static HttpProtocolOptions.Builder options(ClusterSpec spec) {
        var options = HttpProtocolOptions.newBuilder();
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
        return options;
    }
}
