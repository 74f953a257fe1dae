package io.tulle.agent.alone;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.Ticker;
import io.tulle.agent.code.AgentCode;
import io.tulle.agent.log.LogLevel;
import io.tulle.model.Problem;
import io.tulle.model.world.WorkloadNames;
import io.tulle.proxy.Sidecar;
import io.tulle.proxy.SidecarSettings;
import io.tulle.proxy.admin.Admin;
import io.tulle.proxy.exchange.Exchanges;
import io.tulle.proxy.observe.Metrics;
import io.tulle.proxy.observe.SelfLabels;
import io.tulle.proxy.plan.PlanCode;
import io.tulle.proxy.pool.ApplicationPorts;
import io.tulle.proxy.pool.Transport;
import io.tulle.proxy.report.Observers;
import io.tulle.proxy.tls.Identity;
import io.tulle.proxy.tls.IdentitySource;
import io.tulle.xds.spec.Snapshot;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator.SplittableGenerator;
import java.util.stream.Stream;

/** One proxy without a control plane. {@link #load} puts configuration in force. */
public final class AloneProxy implements AutoCloseable {
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private final ProxySettings settings;
    private final EventLoopGroup loops;
    private final Sidecar sidecar;
    private final Admin admin;

    private AloneProxy(ProxySettings settings, IdentitySource identity, int adminPort, int threads) throws IOException {
        this.settings = settings;
        this.loops = new MultiThreadIoEventLoopGroup(threads, Transport.best().ioHandlers());
        var metrics = new Metrics(labels(settings, identity));
        this.sidecar = new Sidecar(
                new Sidecar.Surroundings(
                        loops,
                        Transport.best(),
                        new Exchanges.Time(Clock.systemUTC(), Ticker.systemTicker()),
                        SplittableGenerator.of("L64X128MixRandom")),
                settings.inbound().map(SidecarSettings.DEFAULT::withInbound).orElse(SidecarSettings.DEFAULT),
                identity,
                this::application,
                new Observers(metrics, metrics));
        metrics.follow(sidecar.plan());
        this.admin = Admin.start(adminPort, Admin.Views.of(sidecar.plan(), () -> true, LogLevel::set, metrics));
    }

    /**
     * Opens the mesh port, if there is to be one, and the admin pages; doors open with the configuration.
     *
     * @param adminPort on loopback; 0 for any
     * @param threads event loops
     * @throws IOException when a port is taken
     */
    public static AloneProxy start(ProxySettings settings, IdentitySource identity, int adminPort, int threads)
            throws IOException {
        var proxy = new AloneProxy(settings, identity, adminPort, threads);
        if (proxy.sidecar.start()) return proxy;
        proxy.close();
        throw new IOException("the mesh port " + settings.inbound() + " cannot be opened");
    }

    private static SelfLabels labels(ProxySettings settings, IdentitySource identity) {
        var names = WorkloadNames.of(settings.self(), settings.labels());
        return new SelfLabels(
                names.workload(),
                settings.self().namespace(),
                names.app(),
                names.version(),
                settings.self().host(),
                "none",
                settings.self().name(),
                identity.current().map(Identity::leaf).flatMap(io.tulle.xds.Certificates::identity));
    }

    private Optional<ApplicationPorts.Place> application(int declared) {
        return Optional.ofNullable(settings.applications().get(declared))
                .map(at -> new ApplicationPorts.Place(at, Optional.empty()))
                .or(() -> ApplicationPorts.asDeclared().of(declared));
    }

    /**
     * Puts a snapshot in force.
     *
     * @return what of it is not in force as it is written; empty when all is well
     */
    public List<Problem> load(Snapshot snapshot) {
        var unusable = sidecar.apply(snapshot).culprits().stream()
                .filter(culprit -> culprit.code() != PlanCode.DOOR_SHUT)
                .map(culprit -> culprit.code()
                        .problem("the proxy cannot use " + culprit.resource().name() + ": " + culprit.reason()));
        return Stream.concat(unusable, unopened().stream()).toList();
    }

    private List<Problem> unopened() {
        return settings.doors().stream()
                .filter(door -> sidecar.boundAt(door.name()).isEmpty())
                .map(door -> AgentCode.ADDRESS_TAKEN.problem(
                        "the address " + door.at() + " cannot be opened", "choose another with --listen"))
                .toList();
    }

    /** Where a door really stands. */
    public Optional<InetSocketAddress> doorAt(ProxySettings.Door door) {
        return sidecar.boundAt(door.name()).map(InetSocketAddress.class::cast);
    }

    public Optional<InetSocketAddress> inboundAt() {
        return sidecar.inboundAddress().map(InetSocketAddress.class::cast);
    }

    public InetSocketAddress adminAt() {
        return admin.address();
    }

    /** Takes nothing new and lets what is in flight end, for a while. */
    public void drain() {
        try {
            sidecar.drain().get(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException _) {
            // what is still in flight is cut
        }
    }

    @Override
    public void close() {
        sidecar.close();
        admin.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
