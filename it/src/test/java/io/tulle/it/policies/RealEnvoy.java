package io.tulle.it.policies;

import io.tulle.model.Problem;
import io.tulle.model.SpiffeId;
import io.tulle.model.world.MeshSettings;
import io.tulle.proxy.plan.Addresses;
import io.tulle.testkit.RawSocket;
import io.tulle.testkit.TestLeaf;
import io.tulle.testkit.TestPki;
import io.tulle.xds.Reply;
import io.tulle.xds.codec.Codec;
import io.tulle.xds.join.Issued;
import io.tulle.xds.join.JoinAsk;
import io.tulle.xds.join.RenewAsk;
import io.tulle.xds.layer.Bundle;
import io.tulle.xds.layer.Demand;
import io.tulle.xds.layer.Shelf;
import io.tulle.xds.server.EdgeLimits;
import io.tulle.xds.server.EdgeTls;
import io.tulle.xds.server.JoinHandler;
import io.tulle.xds.server.Peer;
import io.tulle.xds.server.XdsServer;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.Spec;
import io.tulle.xds.spec.WireSpec;
import io.tulle.xds.stream.NodeStatus;
import io.tulle.xds.stream.SnapshotCache;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A real Envoy in the place of one caller's sidecar. It hears over delta ADS what the compiler makes for it; only where it
 * takes connections differs: nothing captures them here, so each destination has a port of loopback.
 */
final class RealEnvoy implements Proxy, AutoCloseable {
    /** Names the binary of one; without it there is none. */
    static final String BINARY = "TULLE_ENVOY";

    /** The instance in whose place it stands, in every fleet that has one. */
    static final String CALLER = "web-1";

    private static final String NODE = "envoy-1";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path folder;
    private final SnapshotCache cache = new SnapshotCache();
    private final LinkedBlockingQueue<NodeStatus> statuses = new LinkedBlockingQueue<>();
    private final Map<String, Integer> ports = new HashMap<>();
    private final int echo;
    private final XdsServer server;
    private final Process process;
    private List<ListenerSpec> listeners = List.of();

    private RealEnvoy(Path folder, TestPki authority, String binary) throws Exception {
        this.folder = folder;
        var leaf = authority.leaf(SpiffeId.of(MeshSettings.DEFAULT.trustDomain(), "shop", "web"), CALLER);
        cache.listen(statuses::add);
        server = serve(leaf);
        echo = freePort();
        process = start(leaf, binary);
    }

    static RealEnvoy start(Path folder, TestPki authority, String binary) throws Exception {
        return new RealEnvoy(folder, authority, binary);
    }

    private XdsServer serve(TestLeaf leaf) throws IOException {
        var tls = new EdgeTls() {
            @Override
            public Credentials credentials() {
                return new Credentials(leaf.key(), List.of(leaf.certificate()));
            }

            @Override
            public List<X509Certificate> roots() {
                return List.of(leaf.root());
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
                (_, _) -> Optional.empty(), join, (_, _) -> new Reply.Refused<>(Problem.error("TUL1500", "", "")));
        var place = new XdsServer.Place(Addresses.loopback(0), folder.resolve("x.sock"), "1");
        return XdsServer.start(place, tls, cache, handlers, EdgeLimits.DEFAULT);
    }

    private Process start(TestLeaf leaf, String binary) throws Exception {
        Files.writeString(folder.resolve("key.pem"), leaf.keyPem());
        Files.writeString(folder.resolve("chain.pem"), leaf.certificatePem());
        Files.writeString(folder.resolve("envoy.yaml"), bootstrap());
        return new ProcessBuilder(
                        binary,
                        "-c",
                        folder.resolve("envoy.yaml").toString(),
                        "--use-dynamic-base-id",
                        "--concurrency",
                        "1",
                        "-l",
                        "error")
                .inheritIO()
                .start();
    }

    private String bootstrap() {
        return """
                node: { id: %3$s, cluster: shop }
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
                  listeners:
                  - name: echo
                    address: { socket_address: { address: 127.0.0.1, port_value: %2$d } }
                    filter_chains:
                    - filters:
                      - name: envoy.filters.network.echo
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo
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
                """.formatted(folder, echo, NODE);
    }

    /** Tells it all that it shall hear; returns when it works by that, or with what it refused. */
    void tell(Snapshot snapshot) throws Exception {
        var specs = new ArrayList<Spec>();
        var bound = new ArrayList<ListenerSpec>();
        for (var byName : snapshot.specs().values()) {
            for (var spec : byName.values()) {
                if (!(spec instanceof ListenerSpec listener)) specs.add(spec);
                else if (listener.place() instanceof ListenerSpec.Place.Outbound && isForEnvoy(listener)) {
                    bound.add(listener);
                    var place = new ListenerSpec.Place.Bound("127.0.0.1", portOf(listener.name()));
                    specs.add(new ListenerSpec(listener.name(), place, listener.chains(), listener.tellsPolicies()));
                }
            }
        }
        listeners = bound;
        var shelf = Shelf.of(specs.stream().map(Codec::encode).toList());
        var bundle = Bundle.of(List.of(shelf), Demand.EVERYTHING);
        cache.publish(NODE, bundle);
        var status = settled(bundle.version());
        if (!status.culprits().isEmpty()) throw new AssertionError("an Envoy refuses " + status.culprits());
        // Its one worker has heard of it once it has answered twice.
        for (int i = 0; i < 2; i++) answers();
    }

    private static boolean isForEnvoy(ListenerSpec listener) {
        return listener.chains().stream().noneMatch(chain -> chain.wire() instanceof WireSpec.NestTcp);
    }

    private int portOf(String listener) throws IOException {
        var known = ports.get(listener);
        if (known != null) return known;
        var free = freePort();
        ports.put(listener, free);
        return free;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, Addresses.loopback(0).getAddress())) {
            return socket.getLocalPort();
        }
    }

    private NodeStatus settled(String version) throws InterruptedException {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            var now = cache.status(NODE).filter(NodeStatus::isSettled);
            if (now.filter(status -> status.published().equals(Optional.of(version)))
                    .isPresent()) return now.get();
            var next = statuses.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (next == null) throw new AssertionError("an Envoy does not answer: " + cache.statuses());
        }
    }

    private void answers() throws IOException {
        try (var socket = RawSocket.to(Addresses.loopback(echo))) {
            socket.send("?").until("?");
        }
    }

    @Override
    public InetSocketAddress entrance(Call call) {
        return listeners.stream()
                .filter(listener -> listener.narrowness(call.host(), call.port()) > 0)
                .findFirst()
                .map(listener -> Addresses.loopback(ports.getOrDefault(listener.name(), 0)))
                .orElseThrow(() -> new NoSuchElementException("an Envoy has no listener for " + call.to()));
    }

    @Override
    public byte[] introduction(Call call) {
        return new byte[0];
    }

    @Override
    public boolean isOurs() {
        return false;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor();
        server.close();
    }
}
