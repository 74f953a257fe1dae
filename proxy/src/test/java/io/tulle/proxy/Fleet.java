package io.tulle.proxy;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.Ticker;
import io.tulle.model.Protocol;
import io.tulle.model.policy.Balancing;
import io.tulle.model.policy.ConnectionLimits;
import io.tulle.model.policy.DestinationPolicy;
import io.tulle.proxy.exchange.Exchanges;
import io.tulle.proxy.message.Connection;
import io.tulle.proxy.plan.Chain;
import io.tulle.proxy.pool.ApplicationPorts;
import io.tulle.proxy.pool.Transport;
import io.tulle.proxy.report.ConnectionListener;
import io.tulle.proxy.report.ExchangeListener;
import io.tulle.proxy.report.ExchangeReport;
import io.tulle.proxy.report.Observers;
import io.tulle.proxy.report.Refusal;
import io.tulle.proxy.report.TcpReport;
import io.tulle.proxy.tls.Identity;
import io.tulle.proxy.tls.IdentitySource;
import io.tulle.proxy.tls.Trust;
import io.tulle.proxy.trace.TraceSettings;
import io.tulle.testkit.Nowhere;
import io.tulle.testkit.Origin;
import io.tulle.testkit.TestLeaf;
import io.tulle.xds.spec.ChainSpec;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.RouteTableSpec;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.Spec;
import io.tulle.xds.spec.WireSpec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator.SplittableGenerator;

/** Sidecars over real sockets in this JVM, and small specs for them. */
final class Fleet implements AutoCloseable {
    static final String DOOR = "door";

    private final EventLoopGroup loops;
    private final List<Sidecar> sidecars = new ArrayList<>();
    private final List<AutoCloseable> kept = new ArrayList<>();
    private final Queue<ExchangeListener> watching = new ArrayDeque<>();
    private TraceSettings traces = TraceSettings.OFF;
    private final BlockingQueue<ExchangeReport> reports = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> refusals = new LinkedBlockingQueue<>();
    private final BlockingQueue<TcpReport> tcpReports = new LinkedBlockingQueue<>();

    Fleet() {
        this(1);
    }

    Fleet(int threads) {
        this.loops = new MultiThreadIoEventLoopGroup(threads, Transport.best().ioHandlers());
    }

    Sidecar sidecar(SidecarSettings settings) {
        return sidecar(settings, IdentitySource.NONE, ApplicationPorts.asDeclared());
    }

    Sidecar sidecar(SidecarSettings settings, IdentitySource identity, ApplicationPorts applications) {
        var time = new Exchanges.Time(Clock.systemUTC(), Ticker.systemTicker());
        var surroundings =
                new Sidecar.Surroundings(loops, Transport.best(), time, SplittableGenerator.of("L64X128MixRandom"));
        var sidecar = new Sidecar(
                surroundings, settings.with(settings.exchanges().with(traces)), identity, applications, observers());
        sidecars.add(sidecar);
        return sidecar;
    }

    /** Closes it together with the fleet, after the sidecars. */
    <C extends AutoCloseable> C keep(C beside) {
        kept.add(beside);
        return beside;
    }

    /** The next sidecar tells this one too, before it tells the test. */
    <L extends ExchangeListener> L watchNext(L listener) {
        watching.add(listener);
        return listener;
    }

    /** A port of loopback at which nobody listens, and nobody else can until the test is over. */
    int nobodyListens() throws IOException {
        return keep(Nowhere.take()).port();
    }

    /** The same for the port of somebody who listened until now. */
    void nobodyListensAt(int port) throws IOException {
        keep(Nowhere.take(port));
    }

    /** Whether sidecars made from now on trace. */
    void tracing(TraceSettings settings) {
        traces = settings;
    }

    private Observers observers() {
        var first = Optional.ofNullable(watching.poll());
        var exchanges = new ArrayList<ExchangeListener>();
        first.ifPresent(exchanges::add);
        exchanges.add(reports::add);
        var connections = first.filter(ConnectionListener.class::isInstance).map(ConnectionListener.class::cast);
        return new Observers(ExchangeListener.all(exchanges), new Heard(connections.orElse(ConnectionListener.NOBODY)));
    }

    /** A proxy alone, with one door to one origin. */
    Sidecar alone(Origin origin) {
        return alone(
                SidecarSettings.DEFAULT,
                door(routed()),
                cluster("to-origin", origin),
                table(RouteSpec.toCluster("all", "to-origin")));
    }

    Sidecar alone(SidecarSettings settings, Spec... specs) {
        var sidecar = sidecar(settings);
        apply(sidecar, specs);
        return sidecar;
    }

    static void apply(Sidecar sidecar, Spec... specs) {
        var culprits = sidecar.apply(Snapshot.of(Arrays.asList(specs))).culprits();
        if (!culprits.isEmpty()) throw new AssertionError(culprits);
    }

    static InetSocketAddress at(Sidecar sidecar) {
        return (InetSocketAddress) sidecar.boundAt(DOOR).orElseThrow();
    }

    static WireSpec routed() {
        return new WireSpec.Http("routes", List.of());
    }

    static ListenerSpec door(WireSpec wire) {
        var chain = new ChainSpec("chain", 8080, List.of(), ChainSpec.PLAINTEXT, wire);
        return new ListenerSpec(DOOR, new ListenerSpec.Place.Bound("127.0.0.1", 0), List.of(chain));
    }

    static RouteTableSpec table(RouteSpec... routes) {
        return new RouteTableSpec("routes", List.of(routes));
    }

    static ClusterSpec cluster(String name, Origin... origins) {
        return cluster(name, ConnectionLimits.DEFAULT, origins);
    }

    static ClusterSpec cluster(String name, ConnectionLimits limits, Origin... origins) {
        return cluster(
                name,
                limits,
                Protocol.HTTP,
                Arrays.stream(origins).mapToInt(Origin::port).toArray());
    }

    static ClusterSpec cluster(String name, ConnectionLimits limits, Protocol protocol, int... ports) {
        var endpoints = new ArrayList<EndpointSpec>();
        for (var port : ports) {
            endpoints.add(EndpointSpec.of("origin-" + endpoints.size(), "127.0.0.1", port));
        }
        return new ClusterSpec(
                name,
                name,
                new ClusterSpec.Source.Fixed(endpoints),
                protocol,
                new ClusterSpec.Security.Plaintext(),
                DestinationPolicy.NONE.with(Balancing.ROUND_ROBIN).with(limits));
    }

    /** An identity that a test may change while the sidecar runs. */
    static final class TestIdentity implements IdentitySource {
        private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
        private volatile Identity current;

        TestIdentity(TestLeaf leaf) {
            current = identity(leaf);
        }

        void set(TestLeaf leaf) {
            current = identity(leaf);
            listeners.forEach(Runnable::run);
        }

        private static Identity identity(TestLeaf leaf) {
            return new Identity(leaf.key(), List.of(leaf.certificate()), Trust.NONE);
        }

        @Override
        public Optional<Identity> current() {
            return Optional.of(current);
        }

        @Override
        public void onChange(Runnable listener) {
            listeners.add(listener);
        }
    }

    /** The next exchange that ends. */
    ExchangeReport nextReport() throws InterruptedException {
        var report = reports.poll(20, TimeUnit.SECONDS);
        if (report == null) throw new AssertionError("no exchange ended");
        return report;
    }

    /** The next opaque connection that ends. */
    TcpReport nextTcpReport() throws InterruptedException {
        var report = tcpReports.poll(20, TimeUnit.SECONDS);
        if (report == null) throw new AssertionError("no connection ended");
        return report;
    }

    /** The code of the next connection that is refused. */
    String nextRefusal() throws InterruptedException {
        var refusal = refusals.poll(20, TimeUnit.SECONDS);
        if (refusal == null) throw new AssertionError("no connection was refused");
        return refusal;
    }

    @Override
    public void close() {
        sidecars.forEach(Sidecar::close);
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        for (var one : kept) {
            try {
                one.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private final class Heard implements ConnectionListener {
        private final ConnectionListener first;

        Heard(ConnectionListener first) {
            this.first = first;
        }

        @Override
        public void accepted(Connection connection, Chain chain) {
            first.accepted(connection, chain);
        }

        @Override
        public void ended(Connection connection, Chain chain) {
            first.ended(connection, chain);
        }

        @Override
        public void refused(SocketAddress remote, Refusal refusal, String detail) {
            refusals.add(refusal.code() + " " + detail);
        }

        @Override
        public void opened(TcpReport report) {}

        @Override
        public void closed(TcpReport report) {
            tcpReports.add(report);
        }
    }
}
