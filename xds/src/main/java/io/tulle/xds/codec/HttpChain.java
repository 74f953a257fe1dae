package io.tulle.xds.codec;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.Cors;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.http.stateful_session.v3.StatefulSession;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import io.tulle.xds.spec.WireSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** HTTP inside a connection: the connection manager with routes by RDS, policies, the filters for CORS and faults, and the router. */
final class HttpChain {
    static final String MANAGER = ".HttpConnectionManager";

    private HttpChain() {}

    static Filter encode(WireSpec.Http wire, int port, String name) {
        return Filter.newBuilder()
                .setName("envoy.filters.network.http_connection_manager")
                .setTypedConfig(Any.pack(manager(wire, port, name)))
                .build();
    }

    static HttpConnectionManager manager(WireSpec.Http wire, int port, String name) {
        var manager = HttpConnectionManager.newBuilder()
                .setStatPrefix(name)
                .setRds(Rds.newBuilder().setConfigSource(Wellknown.ADS).setRouteConfigName(wire.routes()))
                .addAllHttpFilters(Policies.http(wire.authorizations(), port))
                .addHttpFilters(CorsCodec.filter())
                .addHttpFilters(filter(FaultCodec.FILTER, Any.pack(HTTPFault.getDefaultInstance())))
                .setNormalizePath(Wellknown.flag(true))
                .setMergeSlashes(true)
                .setServerHeaderTransformation(HttpConnectionManager.ServerHeaderTransformation.PASS_THROUGH)
                .setStreamIdleTimeout(Wellknown.duration(Duration.ZERO)); // Envoy: unset is 5 min, which ends SSE
        // Optional: a gRPC client that does without a proxy may not know it, and has no session.
        if (wire.sessions())
            manager.addHttpFilters(
                    filter(SessionCodec.FILTER, Any.pack(StatefulSession.getDefaultInstance())).toBuilder()
                            .setIsOptional(true));
        manager.addHttpFilters(filter("envoy.filters.http.router", Any.pack(Router.getDefaultInstance())));
        manager.addUpgradeConfigsBuilder().setUpgradeType("websocket");
        return manager.build();
    }

    static WireSpec.Http decode(Node manager) {
        // how Envoy frames, names and normalises; Tulle normalises always and trusts no header for an address
        manager.ignore(
                "codec_type",
                "stat_prefix",
                "upgrade_configs",
                "normalize_path",
                "merge_slashes",
                "path_with_escaped_slashes_action",
                "server_name",
                "server_header_transformation",
                "generate_request_id",
                "preserve_external_request_id",
                "use_remote_address",
                "skip_xff_append",
                "http_protocol_options",
                "http2_protocol_options");
        if (!manager.duration("stream_idle_timeout").orElse(Duration.ZERO).isZero()) {
            throw manager.unsupported("stream_idle_timeout");
        }
        if (!manager.which("route_specifier").equals("rds")) {
            throw manager.unsupported(manager.has("route_config") ? "route_config" : "route_specifier");
        }
        var rds = manager.need("rds");
        Wellknown.requireAds(rds, "config_source");
        var rules = new ArrayList<Rbac.Rules>();
        var routed = false;
        var sessions = false;
        for (var filter : manager.children("http_filters")) {
            if (routed) throw filter.unsupported("name");
            sessions |= simpleType(filter).equals("StatefulSession") && !filter.flag("disabled");
            routed = decode(filter, rules);
        }
        if (!routed) throw manager.invalid("http_filters", "does not end with the router");
        return new WireSpec.Http(rds.name("route_config_name"), Rbac.decode(rules), sessions);
    }

    /** Whether this was the router, which is the last. */
    private static boolean decode(Node filter, List<Rbac.Rules> rules) {
        filter.ignore("name", "is_optional"); // the type says it; and what is unknown is refused in any case
        if (filter.flag("disabled")) {
            filter.ignore("typed_config"); // not in use
            return false;
        }
        return switch (simpleType(filter)) {
            case "RBAC" -> {
                rules.addAll(Policies.rules(filter.any("typed_config", RBAC.getDefaultInstance())));
                yield false;
            }
            case "Cors" -> {
                filter.any("typed_config", Cors.getDefaultInstance());
                yield false;
            }
            case "HTTPFault" -> {
                filter.any("typed_config", HTTPFault.getDefaultInstance());
                yield false;
            }
            case "StatefulSession" -> {
                filter.any("typed_config", StatefulSession.getDefaultInstance()); // routes say what holds for them
                yield false;
            }
            case "Router" -> {
                var router = filter.any("typed_config", Router.getDefaultInstance());
                router.ignore("dynamic_stats", "start_child_span", "suppress_envoy_headers"); // statistics and naming
                yield true;
            }
            default -> {
                filter.any("typed_config", Router.getDefaultInstance()); // refuses, naming the type
                yield false;
            }
        };
    }

    private static String simpleType(Node filter) {
        var type = filter.typeIn("typed_config");
        return type.substring(type.lastIndexOf('.') + 1);
    }

    private static HttpFilter filter(String name, Any config) {
        return HttpFilter.newBuilder().setName(name).setTypedConfig(config).build();
    }
}
