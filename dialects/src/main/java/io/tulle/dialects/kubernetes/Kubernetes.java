package io.tulle.dialects.kubernetes;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.field.Vocabulary;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Contribution;
import io.tulle.dialects.kind.Decoder;
import io.tulle.dialects.kind.Kind;
import io.tulle.dialects.kind.Kind.Column;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The kinds of this dialect and their decoders. */
public final class Kubernetes {
    /** Field names of Kubernetes' core/v1 and discovery.k8s.io/v1. */
    private static final Vocabulary WORDS = Vocabulary.parse("""
            Namespace: spec any
            ConfigMap: data text{}, binaryData text{}, immutable boolean
            Secret: data text{}, stringData text{}, type text, immutable boolean
            Service: spec ServiceSpec
            ServiceSpec: ports ServicePort[], selector text{}, clusterIP text, clusterIPs text[], type ClusterIP|NodePort|LoadBalancer|ExternalName, externalIPs text[], sessionAffinity ClientIP|None, loadBalancerIP text, loadBalancerSourceRanges text[], externalName text, externalTrafficPolicy Cluster|Local, healthCheckNodePort integer, publishNotReadyAddresses boolean, sessionAffinityConfig SessionAffinityConfig, ipFamilies text[], ipFamilyPolicy SingleStack|PreferDualStack|RequireDualStack, allocateLoadBalancerNodePorts boolean, loadBalancerClass text, internalTrafficPolicy Cluster|Local, trafficDistribution text
            SessionAffinityConfig: clientIP ClientIPConfig
            ClientIPConfig: timeoutSeconds integer
            ServicePort: name text, protocol TCP|UDP|SCTP, appProtocol text, port integer, targetPort port, nodePort integer
            EndpointSlice: addressType IPv4|IPv6|FQDN, endpoints Endpoint[], ports EndpointPort[]
            Endpoint: addresses text[], conditions any, hostname text, targetRef any, deprecatedTopology text{}, nodeName text, zone text, hints any
            EndpointPort: name text, protocol TCP|UDP|SCTP, port integer, appProtocol text
            """);

    private Kubernetes() {}

    public static Map<Kind, Decoder> kinds() {
        var kinds = new LinkedHashMap<Kind, Decoder>();
        kinds.put(kind("", "Namespace", "namespaces", List.of("ns"), false, List.of()), (fields, context) -> {
            fields.value("spec");
            var labels = new TreeMap<>(context.resource().metadata().labels());
            return List.of(new Contribution.OfNamespace(context.resource().name(), labels));
        });
        kinds.put(
                kind(
                        "",
                        "Service",
                        "services",
                        List.of("svc"),
                        true,
                        List.of(Column.of("Cluster-IP", ".spec.clusterIP"), Column.of("Ports", ".spec.ports"))),
                new ServiceDecoder());
        kinds.put(kind("", "ConfigMap", "configmaps", List.of("cm"), true, List.of()), (fields, context) -> {
            keep(fields, context);
            meshConfig(fields, context);
            return Secrets.contribution(context);
        });
        kinds.put(
                kind("", "Secret", "secrets", List.of(), true, List.of(Column.of("Type", ".type"))),
                (fields, context) -> {
                    keep(fields, context);
                    Secrets.check(fields, context);
                    return Secrets.contribution(context);
                });
        kinds.put(
                kind(
                        "discovery.k8s.io",
                        "EndpointSlice",
                        "endpointslices",
                        List.of(),
                        true,
                        List.of(Column.of("AddressType", ".addressType"))),
                (fields, context) -> {
                    keep(fields, context);
                    fields.warning(
                            Codes.NOT_ACTED_ON,
                            "",
                            "is kept, but Tulle sends no traffic to its addresses (yet)",
                            "start the workload with `tulle run`, or declare it outside the mesh with a ServiceEntry");
                    return List.of();
                });
        return kinds;
    }

    /** The ConfigMap of an Istio installation: {@code istio}, or {@code istio-REVISION}, with a document of settings. */
    private static void meshConfig(FieldReader fields, Context context) {
        var named = context.resource().name().equals("istio")
                || context.resource().name().startsWith("istio-");
        if (!named || context.resource().content().at("data", "mesh").isEmpty()) return;
        fields.warning(
                Codes.MESH_CONFIG,
                "data",
                "holds settings of an Istio mesh, and Tulle does not read them",
                Codes.MESH_CONFIG.explanation().fix());
    }

    /** Stored as it is, for others to read. */
    private static void keep(FieldReader fields, Context context) {
        WORDS.fields(context.resource().kind()).keySet().forEach(fields::value);
    }

    private static Kind kind(
            String group,
            String kind,
            String plural,
            List<String> shortNames,
            boolean namespaced,
            List<Column> columns) {
        return new Kind(group, "v1", List.of(), kind, plural, shortNames, namespaced, WORDS, columns);
    }
}
