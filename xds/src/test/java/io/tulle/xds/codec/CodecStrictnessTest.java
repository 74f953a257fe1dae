package io.tulle.xds.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.redis_proxy.v3.RedisProxy;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.tulle.model.policy.Authorization;
import io.tulle.model.policy.RoutePolicy;
import io.tulle.model.policy.TimeoutPolicy;
import io.tulle.xds.XdsCode;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.ResourceType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is set and not acted on is refused with a reason; a good resource passes after each. */
class CodecStrictnessTest {
    private static final String FORWARD = "route { cluster: 'c' }";
    private static final String CLUSTER = "name: 'c' type: STATIC ";

    static Stream<Arguments> hostile() {
        return Stream.of(
                // resource, what it is, code, what the reason names
                Arguments.of(
                        route("match { prefix: '/' runtime_fraction { runtime_key: 'k' } } " + FORWARD),
                        "1401",
                        "match.runtime_fraction"),
                Arguments.of(
                        route("match { prefix: '/' } route { cluster: 'c' hash_policy { terminal: true } }"),
                        "1401",
                        "hash_policy"),
                Arguments.of(route("match { prefix: '/' } route { cluster_header: 'x' }"), "1401", "cluster_header"),
                Arguments.of(
                        route(
                                "match { prefix: '/' } route { cluster: 'c' hash_policy { filter_state { key: 'user' } } }"),
                        "1401",
                        "hash_policy"),
                Arguments.of(route("match { safe_regex { regex: '(' } } " + FORWARD), "1403", "RE2"),
                Arguments.of(route("match { connect_matcher { } } " + FORWARD), "1401", "connect_matcher"),
                Arguments.of(
                        route("match { prefix: '/' headers { name: 'x' range_match { start: 1 } } } " + FORWARD),
                        "1401",
                        "range_match"),
                Arguments.of(route("match { prefix: '/' }"), "1403", "action"),
                Arguments.of(route(FORWARD), "1403", "match"),
                Arguments.of(route("match { prefix: '/' } direct_response { status: 99 }"), "1403", "status"),
                Arguments.of(
                        route("match { prefix: '/' } route { cluster: 'c' timeout { seconds: -1 } }"),
                        "1403",
                        "timeout"),
                Arguments.of(
                        route(
                                "match { prefix: '/' } request_headers_to_add { header { key: 'x' value: '%START_TIME%' } } "
                                        + FORWARD),
                        "1401",
                        "START_TIME"),
                Arguments.of(
                        route("match { prefix: '/' } route { cluster: 'c' retry_policy { retry_on: 'moonlight' } }"),
                        "1403",
                        "moonlight"),
                Arguments.of(
                        route("match { prefix: '/' } " + FORWARD + " typed_per_filter_config { key: 'lua' }"),
                        "1404",
                        "lua"),
                Arguments.of(read(Cluster.newBuilder(), CLUSTER + "health_checks { }"), "1401", "health_checks"),
                Arguments.of(
                        read(Cluster.newBuilder(), CLUSTER + "lb_policy: LOAD_BALANCING_POLICY_CONFIG"),
                        "1401",
                        "lb_policy"),
                Arguments.of(read(Cluster.newBuilder(), "name: 'c' type: ORIGINAL_DST"), "1401", "type"),
                Arguments.of(
                        read(
                                Cluster.newBuilder(),
                                CLUSTER + "transport_socket { typed_config { type_url: 'x/some.Quic' } }"),
                        "1404",
                        "some.Quic"),
                Arguments.of(
                        read(ClusterLoadAssignment.newBuilder(), "cluster_name: 'c' endpoints { priority: 1 }"),
                        "1401",
                        "priority"),
                Arguments.of(
                        read(
                                ClusterLoadAssignment.newBuilder(),
                                "cluster_name: 'c' endpoints { lb_endpoints { endpoint { address { socket_address { address: '1.2.3.4' port_value: 70000 } } } } }"),
                        "1403",
                        "port"),
                Arguments.of(
                        read(
                                ClusterLoadAssignment.newBuilder(),
                                "cluster_name: 'c' endpoints { lb_endpoints { endpoint { address { envoy_internal_address { server_listener_name: 'x' } } } } }"),
                        "1403",
                        "socket_address"),
                Arguments.of(read(ClusterLoadAssignment.newBuilder(), "endpoints { }"), "1403", "cluster_name"),
                Arguments.of(read(Secret.newBuilder(), "name: 's' generic_secret { }"), "1401", "generic_secret"),
                Arguments.of(
                        read(
                                Secret.newBuilder(),
                                "name: 's' validation_context { trusted_ca { inline_string: 'rubbish' } }"),
                        "1403",
                        "PEM"),
                Arguments.of(http(Any.pack(Lua.getDefaultInstance())), "1404", "Lua"),
                Arguments.of(http(Any.pack(read(RBAC.newBuilder(), "shadow_rules { action: LOG }"))), "1401", "action"),
                Arguments.of(http(Any.pack(RBAC.getDefaultInstance())), "1403", "rules"),
                Arguments.of(
                        http(
                                Any.pack(
                                        read(
                                                RBAC.newBuilder(),
                                                "rules { action: ALLOW policies { key: 'p' value { permissions { metadata { } } principals { any: true } } } }"))),
                        "1401",
                        "metadata"),
                Arguments.of(
                        http(
                                Any.pack(
                                        read(
                                                RBAC.newBuilder(),
                                                "rules { action: DENY policies { key: 'p' value { permissions { any: true } principals { any: true } condition { } } } }"))),
                        "1401",
                        "condition"),
                Arguments.of(filter(Any.pack(RedisProxy.getDefaultInstance())), "1404", "RedisProxy"),
                Arguments.of(
                        filter(Any.newBuilder()
                                .setTypeUrl("t/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy")
                                .setValue(ByteString.copyFromUtf8("\u0007"))
                                .build()),
                        "1402",
                        "cannot be read"),
                Arguments.of(tls(), "1401", "client certificate"));
    }

    @Test
    void rulesThatAllowWithoutAnyPolicyAllowNobody() {
        var listener = http(Any.pack(read(RBAC.newBuilder(), "rules { } shadow_rules { }")));
        var decoded = assertInstanceOf(Decoded.Accepted.class, Codec.decode(type(listener), "", Any.pack(listener)));
        var policies =
                ((ListenerSpec) decoded.spec()).chains().getFirst().wire().authorizations();
        assertEquals(
                List.of(
                        new Authorization("none", Authorization.Action.ALLOW, List.of(), false),
                        new Authorization("none", Authorization.Action.ALLOW, List.of(), true)),
                policies);
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void refusesWhatItWouldNotActOn(Message resource, String code, String names) {
        var type = type(resource);
        var decoded = assertInstanceOf(Decoded.Rejected.class, Codec.decode(type, "", Any.pack(resource)));
        assertEquals("TUL" + code, decoded.code(), decoded.reason());
        assertTrue(decoded.reason().contains(names), decoded.reason());
        var good = route("match { prefix: '/' } " + FORWARD);
        assertInstanceOf(Decoded.Accepted.class, Codec.decode(ResourceType.ROUTES, "r", Any.pack(good)));
    }

    @Test
    void refusesFieldsOfALaterVersion() {
        var unknown = ByteString.copyFrom(new byte[] {(byte) 0xf8, 0x7f, 1}); // field 2047, varint
        var any = Any.newBuilder()
                .setTypeUrl(ResourceType.ENDPOINTS.url())
                .setValue(ClusterLoadAssignment.newBuilder()
                        .setClusterName("c")
                        .build()
                        .toByteString()
                        .concat(unknown))
                .build();
        var rejected = assertInstanceOf(Decoded.Rejected.class, Codec.decode(ResourceType.ENDPOINTS, "c", any));
        assertEquals(XdsCode.UNSUPPORTED.code(), rejected.code());
        assertTrue(rejected.reason().contains("#2047"), rejected.reason());
    }

    @Test
    void refusesGarbageAndWrongTypesAndWrongNames() {
        var garbage = Any.newBuilder()
                .setTypeUrl(ResourceType.CLUSTER.url())
                .setValue(ByteString.copyFromUtf8("\u0007\u0007"))
                .build();
        assertEquals(XdsCode.MALFORMED.code(), code(Codec.decode(ResourceType.CLUSTER, "c", garbage)));
        assertEquals(XdsCode.MALFORMED.code(), code(Codec.decode(ResourceType.LISTENER, "c", garbage)));
        var good = Any.pack(route("match { prefix: '/' } " + FORWARD));
        assertEquals(XdsCode.MISNAMED.code(), code(Codec.decode(ResourceType.ROUTES, "other", good)));
    }

    @Test
    void refusesANestingBomb() {
        var permission = new StringBuilder("any: true");
        for (var i = 0; i < 60; i++) permission.insert(0, "not_rule { ").append(" }");
        var bomb = read(
                RBAC.newBuilder(),
                "rules { policies { key: 'p' value { permissions { " + permission
                        + " } principals { any: true } } } }");
        assertInstanceOf(
                Decoded.Rejected.class, Codec.decode(ResourceType.LISTENER, "", Any.pack(http(Any.pack(bomb)))));
    }

    @Test
    void readsVirtualHostsOfAnotherServer() {
        var table = read(RouteConfiguration.newBuilder(), """
                name: 'r'
                virtual_hosts { name: 'rest' domains: '*' routes { match { prefix: '/' } route { cluster: 'rest' } } }
                virtual_hosts { name: 'shop' domains: 'shop.example' routes { match { prefix: '/a' } route { cluster: 'a' } } }
                """);
        var decoded = assertInstanceOf(Decoded.Accepted.class, Codec.decode(ResourceType.ROUTES, "r", Any.pack(table)));
        var spec = (io.tulle.xds.spec.RouteTableSpec) decoded.spec();
        assertEquals(1, spec.routes().size());
        assertEquals(List.of("shop.example"), spec.hosts().getFirst().domains());
        assertEquals(
                RoutePolicy.set(Optional.of(new TimeoutPolicy(Duration.ofSeconds(15)))),
                spec.hosts().getFirst().routes().getFirst().policies());
    }

    private static Message route(String text) {
        var table = "name: 'r' virtual_hosts { name: 'v' domains: '*' routes { " + text + " } }";
        return read(RouteConfiguration.newBuilder(), table);
    }

    private static Message http(Any filter) {
        var manager = HttpConnectionManager.newBuilder();
        manager.getRdsBuilder().setRouteConfigName("r").setConfigSource(Wellknown.ADS);
        manager.addHttpFiltersBuilder().setTypedConfig(filter);
        manager.addHttpFiltersBuilder().setTypedConfig(Any.pack(Router.getDefaultInstance()));
        return filter(Any.pack(manager.build()));
    }

    private static Message filter(Any filter) {
        var listener = Listener.newBuilder().setName("l").setAddress(Wellknown.address("127.0.0.1", 80));
        listener.addFilterChainsBuilder().addFiltersBuilder().setTypedConfig(filter);
        return listener.build();
    }

    private static Message tls() {
        var listener = Listener.newBuilder().setName("l").setAddress(Wellknown.address("127.0.0.1", 80));
        listener.addFilterChainsBuilder()
                .getTransportSocketBuilder()
                .setTypedConfig(Any.pack(DownstreamTlsContext.newBuilder()
                        .setCommonTlsContext(CommonTlsContext.getDefaultInstance())
                        .build()));
        return listener.build();
    }

    private static Message read(Message.Builder builder, String text) {
        try {
            TextFormat.merge(text, builder);
            return builder.build();
        } catch (TextFormat.ParseException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static ResourceType type(Message resource) {
        return ResourceType.ofUrl(
                        "type.googleapis.com/" + resource.getDescriptorForType().getFullName())
                .orElseThrow();
    }

    private static String code(Decoded decoded) {
        return ((Decoded.Rejected) decoded).code();
    }
}
