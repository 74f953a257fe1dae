package io.tulle.xds.codec;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.tulle.model.policy.Authorization;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Authorizations as filters of Envoy, and bare inside our own messages. */
final class Policies {
    private static final String HTTP = "envoy.filters.http.rbac";
    private static final String NETWORK = "envoy.filters.network.rbac";

    private Policies() {}

    static List<HttpFilter> http(List<Authorization> authorizations, int port) {
        var filters = new ArrayList<HttpFilter>();
        for (var rules : Rbac.encode(authorizations, port, false)) filters.add(http(to -> to.setRules(rules)));
        for (var rules : Rbac.encode(authorizations, port, true)) {
            filters.add(http(to -> to.setShadowRules(rules).setShadowRulesStatPrefix(prefix(rules))));
        }
        return filters;
    }

    private static HttpFilter http(
            UnaryOperator<io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC.Builder> with) {
        var config = with.apply(io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC.newBuilder());
        return HttpFilter.newBuilder()
                .setName(HTTP)
                .setTypedConfig(Any.pack(config.build()))
                .build();
    }

    static List<Filter> network(List<Authorization> authorizations, int port, String name) {
        var reduced = Rbac.ofConnections(authorizations);
        var filters = new ArrayList<Filter>();
        for (var rules : Rbac.encode(reduced, port, false)) filters.add(network(name, to -> to.setRules(rules)));
        for (var rules : Rbac.encode(reduced, port, true)) {
            filters.add(network(name, to -> to.setShadowRules(rules).setShadowRulesStatPrefix(prefix(rules))));
        }
        return filters;
    }

    private static Filter network(
            String name, UnaryOperator<io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC.Builder> with) {
        var config = with.apply(io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC.newBuilder());
        return Filter.newBuilder()
                .setName(NETWORK)
                .setTypedConfig(Any.pack(config.setStatPrefix(name).build()))
                .build();
    }

    /** The names that Istio gives an Envoy's counters of dry runs. */
    private static String prefix(RBAC rules) {
        return rules.getAction() == RBAC.Action.DENY ? "istio_dry_run_deny_" : "istio_dry_run_allow_";
    }

    /** @param dryRun whether those are wanted that are only tried, or those that are in force */
    static List<Any> bare(List<Authorization> authorizations, int port, boolean dryRun) {
        return Rbac.encode(authorizations, port, dryRun).stream().map(Any::pack).toList();
    }

    static List<Authorization> decodeBare(Node owner, String inForce, String tried) {
        var none = RBAC.getDefaultInstance();
        var all = new ArrayList<Rbac.Rules>();
        owner.anys(inForce, none).forEach(rules -> all.add(new Rbac.Rules(rules, false)));
        owner.anys(tried, none).forEach(rules -> all.add(new Rbac.Rules(rules, true)));
        return Rbac.decode(all);
    }

    /** The rules inside an RBAC filter's configuration, of which one says nothing at all. */
    static List<Rbac.Rules> rules(Node config) {
        config.ignore("shadow_rules_stat_prefix"); // statistics
        if (!config.has("shadow_rules")) return List.of(new Rbac.Rules(config.need("rules"), false));
        var shadow = new Rbac.Rules(config.need("shadow_rules"), true);
        return config.has("rules") ? List.of(new Rbac.Rules(config.need("rules"), false), shadow) : List.of(shadow);
    }
}
