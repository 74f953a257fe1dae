package io.tulle.xds.codec;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.type.v3.HashPolicy;
import io.tulle.model.policy.Authorization;
import io.tulle.model.policy.HeaderEdits;
import io.tulle.xds.XdsCode;
import io.tulle.xds.spec.ActionSpec.Target;
import io.tulle.xds.spec.WireSpec;
import io.tulle.xds.wire.facts.ChainFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Bytes inside a connection: Envoy's tcp_proxy, which knows no weight of 0 and no empty split. */
final class TcpChain {
    static final String PROXY = ".TcpProxy";

    /** A cluster that nobody defines: Envoy closes what is sent there. */
    private static final String NOWHERE = "tulle.nowhere";

    private TcpChain() {}

    static List<Filter> encode(WireSpec.Tcp wire, int port, String name, ChainFacts.Builder facts) {
        var reduced = Rbac.ofConnections(wire.authorizations());
        if (!reduced.equals(wire.authorizations())) {
            facts.addAllPolicies(Policies.bare(wire.authorizations(), port, false));
            facts.addAllDryRunPolicies(Policies.bare(wire.authorizations(), port, true));
        }
        var filters = new ArrayList<>(Policies.network(wire.authorizations(), port, name));
        filters.add(Filter.newBuilder()
                .setName("envoy.filters.network.tcp_proxy")
                .setTypedConfig(Any.pack(proxy(wire, name, facts)))
                .build());
        return filters;
    }

    static WireSpec.Tcp decode(Node proxy, List<Rbac.Rules> rules, Optional<Node> facts) {
        proxy.ignore("stat_prefix");
        var targets = new ArrayList<>(
                switch (proxy.which("cluster_specifier")) {
                    case "cluster" -> single(proxy.name("cluster"));
                    case "weighted_clusters" -> weighted(proxy.need("weighted_clusters"));
                    case "" -> throw proxy.invalid("cluster_specifier", "is missing");
                    case String other -> throw proxy.unsupported(other);
                });
        for (var idle : facts.map(each -> each.children("idle")).orElse(List.of())) {
            var position = idle.number("position");
            if (position > targets.size()) throw idle.invalid("position", "is beyond the list");
            targets.add(position, target(idle.name("cluster"), 0));
        }
        var full = facts.map(each -> Policies.decodeBare(each, "policies", "dry_run_policies"))
                .orElse(List.of());
        var reduced = Rbac.decode(rules);
        if (!full.isEmpty() && !Rbac.ofConnections(full).equals(reduced)) {
            throw new Refused(XdsCode.INVALID, "the full policies are not those that the filters apply");
        }
        List<Authorization> authorizations = full.isEmpty() ? reduced : full;
        return new WireSpec.Tcp(targets, authorizations, hashesSource(proxy));
    }

    private static boolean hashesSource(Node proxy) {
        var policies = proxy.children("hash_policy");
        for (var policy : policies) {
            if (!policy.which("policy_specifier").equals("source_ip")) throw policy.unsupported("policy_specifier");
            policy.ignore("source_ip"); // it says nothing more
        }
        return !policies.isEmpty();
    }

    private static TcpProxy proxy(WireSpec.Tcp wire, String name, ChainFacts.Builder facts) {
        var proxy = TcpProxy.newBuilder().setStatPrefix(name);
        var targets = wire.targets();
        if (wire.hashesSource()) {
            proxy.addHashPolicyBuilder().setSourceIp(HashPolicy.SourceIp.getDefaultInstance());
        }
        var only = targets.size() == 1 ? targets.getFirst() : null;
        if (only != null && only.weight() == 1)
            return proxy.setCluster(only.cluster()).build();
        var weighted = TcpProxy.WeightedCluster.newBuilder();
        for (var i = 0; i < targets.size(); i++) {
            var target = targets.get(i);
            if (target.weight() == 0) {
                facts.addIdleBuilder().setPosition(i).setCluster(target.cluster());
            } else {
                weighted.addClustersBuilder().setName(target.cluster()).setWeight(target.weight());
            }
        }
        if (weighted.getClustersCount() == 0) return proxy.setCluster(NOWHERE).build();
        return proxy.setWeightedClusters(weighted).build();
    }

    private static List<Target> single(String cluster) {
        return cluster.equals(NOWHERE) ? List.of() : List.of(Target.of(cluster));
    }

    private static List<Target> weighted(Node weighted) {
        return weighted.children("clusters").stream()
                .map(cluster -> {
                    var weight = cluster.number("weight");
                    if (weight > 1_000_000) throw cluster.invalid("weight", "is more than 1,000,000");
                    return target(cluster.name("name"), weight);
                })
                .toList();
    }

    private static Target target(String cluster, int weight) {
        return new Target(cluster, weight, HeaderEdits.NONE, HeaderEdits.NONE);
    }
}
