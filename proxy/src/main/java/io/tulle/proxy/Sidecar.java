package io.tulle.proxy;

import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.tulle.proxy.exchange.Exchanges;
import io.tulle.proxy.exchange.Holdings;
import io.tulle.proxy.exchange.Shared;
import io.tulle.proxy.flight.Tower;
import io.tulle.proxy.listen.Doorway;
import io.tulle.proxy.listen.Gates;
import io.tulle.proxy.listen.Listeners;
import io.tulle.proxy.listen.Refusals;
import io.tulle.proxy.listen.Uses;
import io.tulle.proxy.message.Connection;
import io.tulle.proxy.nesttcp.NestTcpDoors;
import io.tulle.proxy.nesttcp.NestTcpSettings;
import io.tulle.proxy.originate.Originations;
import io.tulle.proxy.plan.LivePlan;
import io.tulle.proxy.plan.PlanCode;
import io.tulle.proxy.plan.PlanCompiler;
import io.tulle.proxy.pool.ApplicationPorts;
import io.tulle.proxy.pool.Dialer;
import io.tulle.proxy.pool.Pools;
import io.tulle.proxy.pool.Refusing;
import io.tulle.proxy.pool.Resolver;
import io.tulle.proxy.pool.Securing;
import io.tulle.proxy.pool.Transport;
import io.tulle.proxy.relay.Relays;
import io.tulle.proxy.report.Observers;
import io.tulle.proxy.tls.Identity;
import io.tulle.proxy.tls.IdentitySource;
import io.tulle.proxy.tls.SpiffeVerifier;
import io.tulle.proxy.tls.TlsContexts;
import io.tulle.proxy.tls.Trust;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.Spec;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.random.RandomGenerator.SplittableGenerator;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sidecar: everything it is made of, top to bottom. It has no statics and is given its event loops, so that several
 * live in one JVM. {@link #start}, then {@link #apply} for each snapshot, {@link #drain}, {@link #close}.
 */
public final class Sidecar implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sidecar.class);

    /** How often a door that could not be opened is tried again. */
    private static final int DOORS_MILLIS = 1_000;

    /** How often destinations are looked for that nobody has used for long. */
    private static final int LET_GO_MILLIS = 60_000;

    private final Surroundings surroundings;
    private final SidecarSettings settings;
    private final LivePlan plan = new LivePlan();
    private final PlanCompiler compiler;
    private final Map<EventLoop, Worker> workers = new HashMap<>();
    private final ChannelGroup callers = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final ChannelGroup own = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final ExecutorService names = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicBoolean draining = new AtomicBoolean();
    private final Refusing refusing = new Refusing();
    private volatile List<PlanCompiler.Culprit> unplanned = List.of();
    private volatile Runnable doorOpened = () -> {};
    private final Uses uses;
    private final Gates gates;
    private final Listeners listeners;
    private final ScheduledFuture<?> sweeps;
    private final ScheduledFuture<?> doors;
    private final ScheduledFuture<?> lettingGo;
    private final Distrust distrust;
    private final AtomicReference<Trust> trusted = new AtomicReference<>(Trust.NONE);

    /** What a sidecar is given from outside: threads, time and chance. */
    public record Surroundings(
            EventLoopGroup loops, Transport transport, Exchanges.Time time, SplittableGenerator random) {}

    /** What belongs to one event loop. */
    private record Worker(Pools pools, Doorway doorway, Relays relays, NestTcpDoors nests) {}

    public Sidecar(
            Surroundings surroundings,
            SidecarSettings settings,
            IdentitySource identity,
            ApplicationPorts applications,
            Observers observers) {
        this.surroundings = surroundings;
        this.settings = settings;
        this.compiler = new PlanCompiler(
                surroundings.random().split(),
                surroundings.time().ticker()::nanoTime,
                settings.application(),
                settings.namespace());
        this.uses = new Uses(surroundings.time().ticker());
        var verifier =
                new SpiffeVerifier(() -> trust(identity), surroundings.time().clock());
        var tls = new TlsContexts(identity, verifier);
        var resolver = new Resolver(names, surroundings.time().ticker());
        var originations = new Originations(
                names, surroundings.time().ticker(), surroundings.time().clock());
        var wires = new SidecarWires(
                settings.doors(),
                surroundings.transport(),
                loop -> worker(loop).relays(),
                loop -> worker(loop).nests());
        var refusals = new Refusals(observers.connections());
        var loops =
                StreamSupport.stream(surroundings.loops().spliterator(), false).count();
        surroundings.loops().forEach(executor -> {
            var loop = (EventLoop) executor;
            var dialer = new Dialer(
                    loop,
                    surroundings.transport(),
                    applications,
                    new Securing(tls, originations),
                    resolver,
                    settings.network());
            var pools = new Pools(loop, surroundings.time().ticker(), dialer, wires, refusing);
            var shared = new Shared(
                    plan,
                    pools,
                    observers,
                    surroundings.time().clock(),
                    new Tower(
                            loop,
                            surroundings.time().ticker(),
                            surroundings.random().split()),
                    new Holdings(settings.bounds().heldBytes() / loops, loop));
            var exchanges = new Exchanges(loop, shared, settings.exchanges(), draining::get);
            var relays = new Relays(shared);
            var nests = new NestTcpDoors(
                    shared, NestTcpSettings.DEFAULT, settings.exchanges().traces());
            workers.put(
                    loop,
                    new Worker(
                            pools,
                            new Doorway(plan, exchanges, wires, refusals, observers.connections(), uses),
                            relays,
                            nests));
        });
        this.gates = new Gates(tls, settings.introduction());
        this.listeners = new Listeners(
                surroundings.loops(),
                surroundings.transport(),
                loop -> worker(loop).doorway(),
                callers,
                settings.bounds().connections(),
                settings.introduction(),
                settings.places());
        this.sweeps = surroundings
                .loops()
                .scheduleWithFixedDelay(
                        new Sweeper(plan, surroundings.time().ticker()),
                        Sweeper.LOOK_MILLIS,
                        Sweeper.LOOK_MILLIS,
                        TimeUnit.MILLISECONDS);
        this.doors = surroundings
                .loops()
                .scheduleWithFixedDelay(this::tryDoorsAgain, DOORS_MILLIS, DOORS_MILLIS, TimeUnit.MILLISECONDS);
        this.lettingGo = surroundings
                .loops()
                .scheduleWithFixedDelay(uses::sweep, LET_GO_MILLIS, LET_GO_MILLIS, TimeUnit.MILLISECONDS);
        this.distrust = new Distrust(verifier, names);
        plan.onChange(listeners::follow);
        plan.onChange(_ -> trustAgain(trust(identity)));
        identity.onChange(() -> trustAgain(trust(identity)));
        plan.afterChange(_ -> workers.forEach((loop, worker) -> loop.execute(() -> judgeAgain(loop, worker))));
    }

    /** Who waits may come in; what is open may be forbidden by now, or served no more: opaque connections, requests and messages that are under way. */
    private void judgeAgain(EventLoop loop, Worker worker) {
        worker.doorway().planChanged();
        worker.relays().judgeAgain();
        for (var group : List.of(callers, own)) {
            for (var channel : group) {
                if (!channel.eventLoop().equals(loop)) continue;
                channel.pipeline().fireUserEventTriggered(Connection.Judgement.NOW);
                worker.doorway().leadAway(channel);
            }
        }
    }

    /** On a thread that may wait; a throw here would end the repetition. */
    private void tryDoorsAgain() {
        try {
            names.execute(() -> {
                if (listeners.tryAgain()) doorOpened.run();
            });
        } catch (RejectedExecutionException closing) {
            doors.cancel(false);
        }
    }

    /** Now, and once more for whoever was shaking hands when roots changed. */
    private void trustAgain(Trust now) {
        if (now.equals(trusted.getAndSet(now))) return;
        judgePeers();
        surroundings.loops().schedule(this::judgePeers, DOORS_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void judgePeers() {
        distrust.judge(callers);
        workers.forEach((loop, worker) ->
                loop.execute(() -> distrust.judge(worker.pools().toPeers())));
    }

    private Worker worker(EventLoop loop) {
        return Optional.ofNullable(workers.get(loop)).orElseThrow();
    }

    /** Roots of the plan, and those that came with the own certificate. */
    private Trust trust(IdentitySource identity) {
        var own = identity.current().map(Identity::trust).orElse(Trust.NONE);
        return plan.current().trust().and(own);
    }

    /**
     * Opens the mesh port and the outbound door.
     *
     * @return whether all that was asked for could be bound
     */
    public boolean start() {
        var inbound = settings.inbound()
                .map(at -> listeners.bind("inbound", at, callers, inboundGate(), settings.network()))
                .orElse(true);
        var socket = settings.outboundSocket()
                .map(path -> outbound("outbound", new DomainSocketAddress(path.toFile())))
                .orElse(true);
        var port =
                settings.outboundPort().map(at -> outbound("outbound-port", at)).orElse(true);
        var redirected = settings.redirect().map(this::redirected).orElse(true);
        return inbound && socket && port && redirected;
    }

    private Function<Doorway, ChannelHandler> inboundGate() {
        return settings.redirect().isPresent() ? gates::redirectedInbound : gates::inbound;
    }

    private boolean redirected(SidecarSettings.Redirect redirect) {
        var bound = true;
        for (var at : redirect.outbound()) {
            bound &= listeners.bind(
                    "outbound-redirected " + at,
                    at,
                    own,
                    doorway -> gates.redirected(doorway, redirect.names()),
                    redirect.network());
        }
        return bound;
    }

    private boolean outbound(String name, SocketAddress at) {
        var secret =
                settings.secret().orElseThrow(() -> new IllegalArgumentException("an outbound door needs a secret"));
        return listeners.bind(name, at, own, doorway -> gates.outbound(doorway, secret));
    }

    /**
     * Puts a snapshot in force, but for what it names as culprits: resources that cannot be carried out, and doors that
     * cannot be opened. Established connections stay. From one control thread only.
     */
    public PlanCompiler.Compiled apply(Snapshot snapshot) {
        var compiled = compiler.compile(snapshot, plan.current());
        LOG.debug(
                "a new plan made={} culprits={}",
                compiled.made().size(),
                compiled.culprits().size());
        plan.set(compiled.plan());
        unplanned = compiled.culprits();
        return new PlanCompiler.Compiled(compiled.plan(), culprits(), compiled.made());
    }

    /** What cannot be carried out of the snapshot in force, as of now: a door that was taken may be open by itself. */
    public List<PlanCompiler.Culprit> culprits() {
        var culprits = new ArrayList<>(unplanned);
        listeners
                .unbound()
                .forEach((listener, why) -> culprits.add(new PlanCompiler.Culprit(
                        new Spec.Ref(ResourceType.LISTENER, listener), PlanCode.DOOR_SHUT, why)));
        return List.copyOf(culprits);
    }

    /** Hears that a door which could not be opened is open; one for all. On a thread that may wait. */
    public void onDoorOpened(Runnable heard) {
        doorOpened = heard;
    }

    /** Which destinations the application uses, and who is asked for what it does not know of them. */
    public Uses uses() {
        return uses;
    }

    /** Peers whose mesh port refused a connection since this was asked last. */
    public List<String> refusing() {
        return refusing.take();
    }

    public LivePlan plan() {
        return plan;
    }

    /** Where the mesh port really stands. */
    public Optional<SocketAddress> inboundAddress() {
        return listeners.addressOf("inbound");
    }

    /** Where the outbound door's loopback socket really stands. */
    public Optional<SocketAddress> outboundAddress() {
        return listeners.addressOf("outbound-port");
    }

    /** Where the outbound door's Unix socket stands. */
    public Optional<SocketAddress> outboundSocketAddress() {
        return listeners.addressOf("outbound");
    }

    /** Where a listener of the plan really stands. */
    public Optional<SocketAddress> boundAt(String listener) {
        return listeners.boundAt(listener);
    }

    /**
     * Takes nothing new from peers and doors, lets what is in flight end, for as long as the settings allow. The own
     * application goes on calling until {@link #close}: what it still serves may need it to.
     *
     * @return completes when the last caller is gone
     */
    public CompletableFuture<Void> drain() {
        var done = new CompletableFuture<Void>();
        if (draining.compareAndSet(false, true)) {
            listeners.closeInbound();
            callers.forEach(channel -> channel.eventLoop()
                    .execute(() -> channel.pipeline().fireUserEventTriggered(Connection.Draining.NOW)));
        }
        var timer = surroundings
                .loops()
                .schedule(() -> callers.close(), settings.drain().toMillis(), TimeUnit.MILLISECONDS);
        callers.newCloseFuture().addListener(_ -> {
            timer.cancel(false);
            done.complete(null);
        });
        return done;
    }

    /** Ends at once: sockets and connections, those towards endpoints too. The event loops are the giver's. */
    @Override
    public void close() {
        draining.set(true);
        sweeps.cancel(false);
        doors.cancel(false);
        lettingGo.cancel(false);
        names.shutdownNow();
        listeners.close();
        callers.close().awaitUninterruptibly();
        own.close().awaitUninterruptibly();
        workers.forEach((loop, worker) -> loop.submit(worker.pools()::close).awaitUninterruptibly());
    }
}
