package io.tulle.xds.codec;

import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.tulle.model.Protocol;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.ClusterSpec.Security;
import io.tulle.xds.spec.ClusterSpec.Source;
import io.tulle.xds.wire.facts.ClusterFacts;
import java.util.Optional;
import java.util.Set;

/** Reads Envoy's Cluster; what is unset has Envoy's default. */
final class ClusterDecoder {
    private ClusterDecoder() {}

    static ClusterSpec decode(Node cluster) {
        cluster.ignore("alt_stat_name", "respect_dns_ttl", "dns_lookup_family"); // statistics; how DNS is asked
        var name = cluster.name("name");
        var facts = Wellknown.facts(cluster, ClusterFacts.getDefaultInstance());
        var options = cluster.anyOfMap(
                "typed_extension_protocol_options",
                ClusterEncoder.HTTP_OPTIONS,
                Set.of(ClusterEncoder.HTTP_OPTIONS),
                HttpProtocolOptions.getDefaultInstance());
        var host = facts.filter(each -> each.has("host")).map(each -> each.text("host"));
        return new ClusterSpec(
                name,
                host.orElse(name),
                source(cluster, name, facts),
                protocol(cluster, facts, options),
                security(cluster),
                DestinationPolicyCodec.decodeAll(new DestinationPolicyCodec.Source(cluster, options)));
    }

    private static Source source(Node cluster, String name, Optional<Node> facts) {
        var application = facts.filter(each -> each.has("application_port"));
        var type = cluster.which("cluster_discovery_type").equals("cluster_type") ? "" : cluster.choice("type");
        return switch (type) {
            case "EDS" -> discovered(cluster.need("eds_cluster_config"), name);
            case "STATIC" -> {
                var fixed = new Source.Fixed(
                        cluster.child("load_assignment").map(Endpoints::all).orElse(java.util.List.of()));
                yield application.isPresent()
                        ? new Source.Application(application.get().port("application_port"))
                        : fixed;
            }
            case "STRICT_DNS", "LOGICAL_DNS" -> {
                cluster.ignore("dns_refresh_rate"); // every 5 s at most, in any case
                var endpoints = Endpoints.all(cluster.need("load_assignment"));
                if (endpoints.isEmpty()) throw cluster.invalid("load_assignment", "has no name");
                yield new Source.Resolved(endpoints);
            }
            case "ORIGINAL_DST" -> dialled(cluster, facts);
            default -> throw cluster.unsupported(type.isEmpty() ? "cluster_type" : "type");
        };
    }

    /** Which addresses may be dialled is known of our own clusters alone. */
    private static Source dialled(Node cluster, Optional<Node> facts) {
        var dialled = facts.flatMap(each -> each.child("dialled")).orElseThrow(() -> cluster.unsupported("type"));
        var port = cluster.need("original_dst_lb_config")
                .wrapped("upstream_port_override")
                .orElseThrow(() -> cluster.invalid("original_dst_lb_config", "names no port"));
        return new Source.Dialled(dialled.text("host"), port, dialled.texts("addresses"));
    }

    private static Source discovered(Node eds, String name) {
        var service = eds.text("service_name");
        if (!service.isEmpty() && !service.equals(name)) throw eds.unsupported("service_name");
        Wellknown.requireAds(eds, "eds_config");
        return new Source.Discovered();
    }

    private static Protocol protocol(Node cluster, Optional<Node> facts, Optional<Node> options) {
        var implied = options.map(ClusterDecoder::implied).orElse(Protocol.HTTP);
        var declared = facts.filter(each -> each.has("protocol")).map(each -> each.text("protocol"));
        if (declared.isEmpty()) {
            if (!cluster.has("http2_protocol_options")) return implied;
            cluster.ignore("http2_protocol_options"); // deprecated, still sent; its windows are ours to choose
            return Protocol.HTTP2;
        }
        return Protocol.parse(declared.get())
                .orElseThrow(() -> cluster.invalid("metadata", "names an unknown protocol: " + declared.get()));
    }

    private static Protocol implied(Node options) {
        return switch (options.which("upstream_protocol_options")) {
            case "use_downstream_protocol_config" -> {
                options.ignore("use_downstream_protocol_config"); // codec settings are ours to choose
                yield Protocol.UNDECLARED;
            }
            case "explicit_http_config" -> {
                var explicit = options.need("explicit_http_config");
                explicit.ignore("http_protocol_options", "http2_protocol_options"); // codec settings are ours to choose
                yield explicit.has("http2_protocol_options") ? Protocol.HTTP2 : Protocol.HTTP;
            }
            case "" -> throw options.invalid("upstream_protocol_options", "is missing");
            case String other -> throw options.unsupported(other);
        };
    }

    private static Security security(Node cluster) {
        return cluster.child("transport_socket")
                .map(socket -> {
                    if (socket.typeIn("typed_config").endsWith(".RawBuffer")) {
                        socket.ignore("name", "typed_config"); // plaintext, said in words
                        return new Security.Plaintext();
                    }
                    return Tls.decodeUpstream(socket);
                })
                .orElse(new Security.Plaintext());
    }
}
