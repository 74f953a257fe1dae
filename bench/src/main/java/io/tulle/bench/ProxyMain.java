package io.tulle.bench;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.Ticker;
import io.tulle.model.Protocol;
import io.tulle.model.SpiffeId;
import io.tulle.model.policy.Balancing;
import io.tulle.model.policy.ConnectionLimits;
import io.tulle.proxy.Observers;
import io.tulle.proxy.Sidecar;
import io.tulle.proxy.SidecarSettings;
import io.tulle.proxy.exchange.Exchanges;
import io.tulle.proxy.identity.FileIdentity;
import io.tulle.proxy.identity.IdentitySource;
import io.tulle.proxy.observe.Metrics;
import io.tulle.proxy.observe.SelfLabels;
import io.tulle.proxy.plan.PlanCompiler;
import io.tulle.proxy.pool.ApplicationPorts;
import io.tulle.proxy.pool.Transport;
import io.tulle.xds.spec.ChainSpec;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.RouteTableSpec;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.Spec;
import io.tulle.xds.spec.TrustSpec;
import io.tulle.xds.spec.WireSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator.SplittableGenerator;

/**
 * One Tulle proxy as a process of its own, with one event loop and the metrics of a sidecar: {@code plain PORT UPSTREAM},
 * {@code client PORT UPSTREAM FOLDER} (plaintext in, mutual TLS out) or {@code server PORT UPSTREAM FOLDER} (mutual TLS in,
 * plaintext out). The folder holds {@code NAME.pem}, {@code NAME.key} and {@code root.pem}.
 */
final class ProxyMain {
    private static final String SERVER_NAME = "4000.cart.shop.tulle";

    private ProxyMain() {}

    public static void main(String[] args) throws IOException {
        var port = Integer.parseInt(args[1]);
        var upstream = Integer.parseInt(args[2]);
        switch (args[0]) {
            case "plain" -> run(SidecarSettings.DEFAULT, IdentitySource.NONE, plain(port, upstream));
            case "client" -> {
                var folder = Path.of(args[3]);
                run(SidecarSettings.DEFAULT, identity(folder, "web"), client(port, upstream, folder));
            }
            case "server" -> {
                var folder = Path.of(args[3]);
                var at = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
                run(SidecarSettings.DEFAULT.withInbound(at), identity(folder, "cart"), server(upstream, folder));
            }
            default -> throw new IllegalArgumentException("plain, client or server, not " + args[0]);
        }
    }

    private static IdentitySource identity(Path folder, String name) throws IOException {
        return FileIdentity.of(
                folder.resolve(name + ".pem"), folder.resolve(name + ".key"), folder.resolve("root.pem"));
    }

    private static void run(SidecarSettings settings, IdentitySource identity, List<Spec> specs) {
        var metrics = new Metrics(SelfLabels.UNKNOWN);
        var loops = new MultiThreadIoEventLoopGroup(1, Transport.best().ioHandlers());
        var sidecar = new Sidecar(
                new Sidecar.Surroundings(
                        loops,
                        Transport.best(),
                        new Exchanges.Time(Clock.systemUTC(), Ticker.systemTicker()),
                        SplittableGenerator.of("L64X128MixRandom")),
                settings,
                identity,
                ApplicationPorts.asDeclared(),
                new Observers(metrics, metrics));
        metrics.follow(sidecar.plan());
        if (!sidecar.start()) throw new IllegalStateException("the mesh port is taken");
        if (sidecar.apply(Snapshot.of(specs)) instanceof PlanCompiler.Compiled.Rejected(var culprits)) {
            throw new IllegalStateException("refused: " + culprits);
        }
    }

    private static List<Spec> plain(int port, int upstream) {
        return List.of(bound(port), routes(), cluster(upstream, new ClusterSpec.Security.Plaintext()));
    }

    private static List<Spec> client(int port, int upstream, Path folder) throws IOException {
        var cart = SpiffeId.of("tulle", "shop", "cart");
        return List.of(
                bound(port),
                routes(),
                cluster(upstream, new ClusterSpec.Security.MutualTls(SERVER_NAME, List.of(cart))),
                trust(folder));
    }

    private static List<Spec> server(int upstream, Path folder) throws IOException {
        var chain = new ChainSpec("4000", 4000, List.of(SERVER_NAME), ChainSpec.Security.MUTUAL_TLS, wire());
        var all = new ArrayList<Spec>();
        all.add(new ListenerSpec("inbound", new ListenerSpec.Place.Inbound(), List.of(chain)));
        all.add(routes());
        all.add(cluster(upstream, new ClusterSpec.Security.Plaintext()));
        all.add(trust(folder));
        return all;
    }

    private static ListenerSpec bound(int port) {
        var chain = new ChainSpec("door", 4000, List.of(), ChainSpec.Security.PLAINTEXT, wire());
        return new ListenerSpec("door", new ListenerSpec.Place.Bound("127.0.0.1", port), List.of(chain));
    }

    private static WireSpec wire() {
        return new WireSpec.Http("routes", List.of());
    }

    private static RouteTableSpec routes() {
        return new RouteTableSpec("routes", List.of(RouteSpec.toCluster("all", "upstream")));
    }

    private static ClusterSpec cluster(int port, ClusterSpec.Security security) {
        return new ClusterSpec(
                "upstream",
                "cart.shop.tulle",
                new ClusterSpec.Source.Fixed(List.of(EndpointSpec.of("cart-1", "127.0.0.1", port))),
                Protocol.HTTP,
                security,
                Balancing.LEAST_REQUEST,
                ConnectionLimits.DEFAULT,
                Optional.empty());
    }

    private static TrustSpec trust(Path folder) throws IOException {
        return new TrustSpec("ROOTCA", "tulle", List.of(Files.readString(folder.resolve("root.pem"))));
    }
}
