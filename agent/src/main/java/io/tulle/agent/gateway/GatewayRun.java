package io.tulle.agent.gateway;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.Ticker;
import io.tulle.agent.run.ControlLink;
import io.tulle.agent.run.NotConfigured;
import io.tulle.agent.run.Run;
import io.tulle.agent.run.Watching;
import io.tulle.model.Problem;
import io.tulle.model.world.Instance;
import io.tulle.model.world.ProxyNode;
import io.tulle.model.world.Workload;
import io.tulle.proxy.Sidecar;
import io.tulle.proxy.SidecarSettings;
import io.tulle.proxy.exchange.Exchanges;
import io.tulle.proxy.identity.JoinedIdentity;
import io.tulle.proxy.observe.Acquaintances;
import io.tulle.proxy.pool.Transport;
import io.tulle.xds.spec.ChainSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.WireSpec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator.SplittableGenerator;

/** A gateway in the mesh: it joins as a sidecar does, and opens the doors of the Gateways that it serves. */
public final class GatewayRun implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final GatewaySettings settings;
    private final ControlLink link;
    private final Run.Surroundings runtime;
    private final Watching watching;
    private final ScheduledExecutorService executor;
    private final EventLoopGroup loops;
    private final JoinedIdentity identity;
    private final Sidecar sidecar;
    private final CompletableFuture<Snapshot> planned = new CompletableFuture<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private Map<String, String> known = Map.of(); // what was said of each door; the link's thread's

    private GatewayRun(GatewaySettings settings, ControlLink link, Run.Surroundings runtime, Watching watching) {
        this.settings = settings;
        this.link = link;
        this.runtime = runtime;
        this.watching = watching;
        this.executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("control").daemon().factory());
        this.identity = JoinedIdentity.join(link.issuer(), runtime.clock(), executor);
        this.loops = new MultiThreadIoEventLoopGroup(
                settings.threads(), Transport.best().ioHandlers());
        var member = settings.member();
        this.sidecar = new Sidecar(
                new Sidecar.Surroundings(
                        loops,
                        Transport.best(),
                        new Exchanges.Time(runtime.clock(), Ticker.systemTicker()),
                        SplittableGenerator.of("L64X128MixRandom")),
                SidecarSettings.DEFAULT
                        .withInbound(new InetSocketAddress(
                                InetAddress.ofLiteral(settings.reach().address()),
                                settings.reach().port()))
                        .with(SidecarSettings.DEFAULT.exchanges().with(watching.traces()))
                        .with(settings::place)
                        .of(member.instance(), member.service().namespace()),
                identity,
                _ -> Optional.empty(),
                watching.observers());
    }

    /**
     * Joins the mesh; returns when it knows what to open.
     *
     * @throws ControlLink.Refused when the control plane does not take it
     * @throws NotConfigured when it says nothing in time
     */
    public static GatewayRun start(
            GatewaySettings settings, ControlLink link, Run.Surroundings runtime, Watching watching) {
        var run = new GatewayRun(settings, link, runtime, watching);
        try {
            run.join();
            return run;
        } catch (RuntimeException e) {
            run.close();
            throw e;
        }
    }

    private void join() {
        if (!sidecar.start()) throw new IllegalStateException("the gateway's mesh port could not be opened");
        watching.show(
                sidecar, planned::isDone, Acquaintances.of(link, Ticker.systemTicker()::nanoTime), Optional.empty());
        var announced = link.announce(
                instance((InetSocketAddress) sidecar.inboundAddress().orElseThrow()),
                identity,
                () -> watching.traffic().refusedBy(sidecar.refusing()),
                this::replaced);
        await(announced.toCompletableFuture(), "the control plane did not take it in");
        link.follow(this::hear);
        sidecar.onDoorOpened(() -> link.revise(() -> ControlLink.Rejection.by(sidecar)));
        await(planned, "the control plane sent no configuration");
    }

    /** Done when it has ended because another took its name. */
    public CompletableFuture<Void> over() {
        return over;
    }

    /** Where its admin pages stand. */
    public Optional<InetSocketAddress> admin() {
        return watching.address();
    }

    /** Where the doors stand that are open now: declared port to socket. */
    public Map<Integer, InetSocketAddress> doors() {
        var all = new TreeMap<Integer, InetSocketAddress>();
        doorsOf(sidecar.plan().current().snapshot())
                .forEach((port, door) ->
                        sidecar.boundAt(door.name()).ifPresent(at -> all.put(port, (InetSocketAddress) at)));
        return all;
    }

    /** Ends in order: nothing new comes in, and work in flight ends. */
    public void stop() {
        if (!stopping.compareAndSet(false, true)) return;
        link.leave();
        try {
            sidecar.drain().get(settings.drain().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException _) {
            // what is still in flight is cut
        }
        over.complete(null);
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) return;
        link.close();
        identity.close();
        executor.shutdownNow();
        sidecar.close();
        watching.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private List<ControlLink.Rejection> hear(Snapshot snapshot) {
        sidecar.apply(snapshot);
        var rejections = ControlLink.Rejection.by(sidecar);
        tell(snapshot);
        planned.complete(snapshot);
        return rejections;
    }

    /** By the port that is declared. */
    private static Map<Integer, ListenerSpec> doorsOf(Snapshot snapshot) {
        var all = new TreeMap<Integer, ListenerSpec>();
        for (var spec : snapshot.ofType(ResourceType.LISTENER).values()) {
            if (spec instanceof ListenerSpec door && door.place() instanceof ListenerSpec.Place.Bound(var _, var port))
                all.put(port, door);
        }
        return all;
    }

    /** Each door once, when it opens, shuts, or cannot be opened. */
    private void tell(Snapshot snapshot) {
        var now = new TreeMap<String, String>();
        doorsOf(snapshot)
                .forEach((port, door) -> now.put(
                        "port " + port,
                        sidecar.boundAt(door.name())
                                .map(at -> "is open at " + scheme(door) + written((InetSocketAddress) at))
                                .orElseGet(() -> "cannot be opened: " + why(door.name()))));
        now.forEach((door, word) -> {
            if (!word.equals(known.get(door))) runtime.told().accept(door + " " + word);
        });
        known.keySet().stream()
                .filter(door -> !now.containsKey(door))
                .forEach(door -> runtime.told().accept(door + " is shut: no Gateway asks for it any more"));
        known = now;
    }

    private String why(String listener) {
        return sidecar.culprits().stream()
                .filter(culprit -> culprit.resource().name().equals(listener))
                .findFirst()
                .map(culprit -> culprit.reason() + " (" + culprit.code().code() + ")")
                .orElse("it is not known why");
    }

    private static String scheme(ListenerSpec door) {
        var chain = door.chains().getFirst();
        if (!(chain.wire() instanceof WireSpec.Http)) return "";
        return chain.security() instanceof ChainSpec.Security.Plaintext ? "http://" : "https://";
    }

    private static String written(InetSocketAddress at) {
        return at.getAddress().getHostAddress() + ":" + at.getPort();
    }

    private void await(CompletableFuture<?> step, String otherwise) {
        try {
            step.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            if (e.getCause() instanceof ControlLink.Refused refused) throw refused;
            throw new NotConfigured(otherwise + " within " + PATIENCE.toSeconds() + " s", e);
        }
    }

    /** Two of one name would take each other's callers, so this one goes, in order. Not on the link's own thread. */
    private void replaced(Problem why) {
        runtime.told().accept(why.message() + "; this one ends");
        Thread.ofPlatform().name("replaced").start(this::stop);
    }

    private Instance instance(InetSocketAddress bound) {
        var mesh = settings.reach().advertised().orElse(bound);
        var member = settings.member();
        return Instance.of(
                Workload.of(
                        member.instance(),
                        member.service(),
                        member.account(),
                        member.labels(),
                        mesh.getAddress().getHostAddress(),
                        mesh.getPort(),
                        List.of(),
                        List.of()),
                Set.of(ProxyNode.NEST_TCP, ProxyNode.GATEWAY),
                Instance.Liveness.LIVE);
    }
}
