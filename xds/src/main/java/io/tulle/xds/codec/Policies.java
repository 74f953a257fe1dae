package io.tulle.xds.codec;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.tulle.model.policy.Authorization;
import java.util.ArrayList;
import java.util.List;

/** Authorizations as filters of Envoy, and bare inside our own messages. */
final class Policies {
    private static final String HTTP = "envoy.filters.http.rbac";
    private static final String NETWORK = "envoy.filters.network.rbac";

    private Policies() {}

    static List<HttpFilter> http(List<Authorization> authorizations, int port) {
        var filters = new ArrayList<HttpFilter>();
        for (var rules : Rbac.encode(authorizations, port)) {
            filters.add(HttpFilter.newBuilder()
                    .setName(HTTP)
                    .setTypedConfig(Any.pack(io.envoyproxy
                            .envoy
                            .extensions
                            .filters
                            .http
                            .rbac
                            .v3
                            .RBAC
                            .newBuilder()
                            .setRules(rules)
                            .build()))
                    .build());
        }
        return filters;
    }

    static List<Filter> network(List<Authorization> authorizations, int port, String name) {
        var filters = new ArrayList<Filter>();
        for (var rules : Rbac.encode(Rbac.ofConnections(authorizations), port)) {
            filters.add(Filter.newBuilder()
                    .setName(NETWORK)
                    .setTypedConfig(Any.pack(io.envoyproxy
                            .envoy
                            .extensions
                            .filters
                            .network
                            .rbac
                            .v3
                            .RBAC
                            .newBuilder()
                            .setRules(rules)
                            .setStatPrefix(name)
                            .build()))
                    .build());
        }
        return filters;
    }

    static List<Any> bare(List<Authorization> authorizations, int port) {
        return Rbac.encode(authorizations, port).stream().map(Any::pack).toList();
    }

    static List<Authorization> decodeBare(Node owner, String field) {
        return Rbac.decode(owner.anys(field, RBAC.getDefaultInstance()));
    }

    /** Opens the rules inside a network filter's configuration; shadow rules, which only count, are refused as unread. */
    static Node networkRules(Node config) {
        config.ignore("stat_prefix"); // statistics
        return config.need("rules");
    }
}
