package io.tulle.it.policies;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Ticker;
import io.tulle.compile.MeshCompiler;
import io.tulle.model.SpiffeId;
import io.tulle.model.world.Fleet;
import io.tulle.model.world.Instance;
import io.tulle.model.world.MeshSettings;
import io.tulle.model.world.Workload;
import io.tulle.model.world.World;
import io.tulle.proxy.Sidecar;
import io.tulle.proxy.SidecarSettings;
import io.tulle.proxy.exchange.Exchanges;
import io.tulle.proxy.plan.Addresses;
import io.tulle.proxy.pool.ApplicationPorts;
import io.tulle.proxy.pool.Transport;
import io.tulle.proxy.preface.LaunchSecret;
import io.tulle.proxy.preface.ProxyHeader;
import io.tulle.proxy.report.Observers;
import io.tulle.proxy.tls.Identity;
import io.tulle.proxy.tls.IdentitySource;
import io.tulle.proxy.tls.Trust;
import io.tulle.testkit.TestPki;
import io.tulle.xds.codec.Codec;
import io.tulle.xds.codec.Decoded;
import io.tulle.xds.layer.Demand;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.Spec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator.SplittableGenerator;

/**
 * A fleet that runs: beside each instance a real sidecar, behind it applications that say who they are, mutual TLS between
 * them, and the real compiler. Documents change while it runs.
 */
final class RealMesh implements Proxy, AutoCloseable {
    private static final LaunchSecret SECRET = LaunchSecret.of(new byte[32]);

    private final TestPki authority;
    private final EventLoopGroup loops;
    private final Arrivals arrivals = new Arrivals();
    private final Map<String, Node> nodes = new TreeMap<>();
    private final List<Application> outside = new ArrayList<>();
    private final Fleet fleet;
    private MeshCompiler compiler;

    /** An instance: its sidecar, what it runs at each of its ports, and what it was told last. */
    private record Node(Instance instance, Sidecar sidecar, Map<Integer, Application> applications, Journal journal) {}

    private RealMesh(Case.Cast cast, TestPki authority, EventLoopGroup loops) throws IOException {
        this.authority = authority;
        this.loops = loops;
        for (var instance : cast.fleet().instances().values()) nodes.put(instance.id(), start(instance));
        for (var server : cast.outside()) {
            for (var port : server.ports()) {
                var at = Addresses.of(server.address(), port.port());
                outside.add(Application.start(server.id(), port.protocol(), at, arrivals));
            }
        }
        this.fleet = Fleet.of(1, nodes.values().stream().map(Node::instance).toList());
        this.compiler = MeshCompiler.of(Case.NOTHING, fleet, List.of(authority.rootPem()));
    }

    static RealMesh start(Case.Cast cast, TestPki authority, EventLoopGroup loops) throws IOException {
        return new RealMesh(cast, authority, loops);
    }

    private Node start(Instance declared) throws IOException {
        var applications = new HashMap<Integer, Application>();
        for (var port : declared.workload().ports()) {
            var application = Application.start(declared.id(), port.protocol(), Addresses.loopback(0), arrivals);
            applications.put(port.port(), application);
        }
        var journal = new Journal();
        var time = new Exchanges.Time(Clock.systemUTC(), Ticker.systemTicker());
        var sidecar = new Sidecar(
                new Sidecar.Surroundings(loops, Transport.best(), time, SplittableGenerator.of("L64X128MixRandom")),
                SidecarSettings.DEFAULT
                        .withInbound(Addresses.loopback(0))
                        .withOutbound(Addresses.loopback(0), SECRET)
                        .of(declared.id(), declared.service().namespace()),
                identity(declared),
                port -> Optional.ofNullable(applications.get(port))
                        .map(at -> new ApplicationPorts.Place(Addresses.loopback(at.port()), Optional.empty())),
                new Observers(journal, journal));
        if (!sidecar.start()) throw new IOException("the sockets of " + declared.id() + " could not be opened");
        var at = (InetSocketAddress) sidecar.inboundAddress().orElseThrow();
        var was = declared.workload();
        var runs = Workload.of(
                was.id(),
                was.service(),
                was.account(),
                was.labels(),
                "127.0.0.1",
                at.getPort(),
                was.ports(),
                was.doors());
        return new Node(new Instance(runs, declared.node(), declared.liveness()), sidecar, applications, journal);
    }

    private IdentitySource identity(Instance instance) {
        var id = SpiffeId.of(
                MeshSettings.DEFAULT.trustDomain(),
                instance.service().namespace(),
                instance.workload().account());
        var leaf = authority.leaf(id, instance.id());
        var identity = new Identity(leaf.key(), List.of(leaf.certificate()), Trust.NONE);
        return new IdentitySource() {
            @Override
            public Optional<Identity> current() {
                return Optional.of(identity);
            }

            @Override
            public void onChange(Runnable listener) {}
        };
    }

    /** Puts a world in force; returns when every sidecar has made its plan of it. A sidecar that hears nothing new is not woken. */
    void apply(World world) {
        arrivals.clear();
        compiler = MeshCompiler.of(world, fleet, List.of(authority.rootPem()));
        for (var node : nodes.values()) {
            node.journal().clear();
            var snapshot = heardBy(compiler, node.instance());
            if (!node.journal().isNews(snapshot)) continue;
            var culprits = node.sidecar().apply(snapshot).culprits();
            if (!culprits.isEmpty()) throw new AssertionError(node.instance().id() + " cannot carry out " + culprits);
        }
    }

    /** Everything, without having been asked. */
    private static Snapshot heardBy(MeshCompiler compiler, Instance instance) {
        var specs = new ArrayList<Spec>();
        var names = compiler.heardBy(instance, Demand.NOTHING, Optional.empty())
                .bundle()
                .of(ResourceType.NAME);
        names.all().forEach(name -> specs.add(((Decoded.Accepted) Codec.decode(name)).spec()));
        compiler.snapshotFor(instance).specs().values().forEach(byName -> specs.addAll(byName.values()));
        return Snapshot.of(specs);
    }

    /** What an Envoy hears in the place of this instance's sidecar: it can do less. */
    Snapshot heardByEnvoy(String id) {
        var workload = node(id).instance().workload();
        return compiler.snapshotFor(Instance.of(workload, Set.of(), Instance.Liveness.LIVE));
    }

    Arrivals arrivals() {
        return arrivals;
    }

    Journal journalOf(String instance) {
        return node(instance).journal();
    }

    /** To its own sidecar, or a stranger's to the mesh port. */
    @Override
    public InetSocketAddress entrance(Call call) {
        var isStranger = call.at().equals(Call.OUTSIDE);
        var sidecar = node(isStranger ? call.host() : call.at()).sidecar();
        return (InetSocketAddress) (isStranger ? sidecar.inboundAddress() : sidecar.outboundAddress()).orElseThrow();
    }

    /** What the hook says before the application's own bytes: whom that dialled. */
    @Override
    public byte[] introduction(Call call) {
        if (call.at().equals(Call.OUTSIDE)) return new byte[0];
        var isAddress = Addresses.isAddress(call.host());
        var header = new ProxyHeader(
                Addresses.loopback(0),
                Addresses.of(isAddress ? call.host() : "240.0.0.1", call.port()),
                isAddress ? Optional.empty() : Optional.of(call.host()),
                Optional.of(SECRET));
        var bytes = header.write(UnpooledByteBufAllocator.DEFAULT);
        try {
            var text = new byte[bytes.readableBytes()];
            bytes.readBytes(text);
            return text;
        } finally {
            bytes.release();
        }
    }

    @Override
    public boolean isOurs() {
        return true;
    }

    private Node node(String id) {
        var found = nodes.get(id);
        if (found == null) throw new NoSuchElementException("the fleet has no " + id);
        return found;
    }

    @Override
    public void close() throws IOException {
        for (var node : nodes.values()) {
            node.sidecar().close();
            for (var application : node.applications().values()) application.close();
        }
        for (var server : outside) server.close();
    }
}
