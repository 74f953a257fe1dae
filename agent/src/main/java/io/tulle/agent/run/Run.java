package io.tulle.agent.run;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.Ticker;
import io.tulle.launch.capture.Capture;
import io.tulle.launch.capture.EnvRewrite;
import io.tulle.launch.health.Question;
import io.tulle.launch.hook.HookDesk;
import io.tulle.launch.hook.HookFile;
import io.tulle.launch.hook.HookTable;
import io.tulle.launch.netns.OwnNetwork;
import io.tulle.launch.ports.Listening;
import io.tulle.launch.process.Application;
import io.tulle.launch.process.RunDirectory;
import io.tulle.launch.up.Ready;
import io.tulle.model.Problem;
import io.tulle.model.shared.SharedMap;
import io.tulle.model.world.Instance;
import io.tulle.model.world.ProxyNode;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.Workload;
import io.tulle.proxy.Sidecar;
import io.tulle.proxy.SidecarSettings;
import io.tulle.proxy.exchange.Exchanges;
import io.tulle.proxy.identity.JoinedIdentity;
import io.tulle.proxy.observe.Acquaintances;
import io.tulle.proxy.plan.PlanCode;
import io.tulle.proxy.pool.ApplicationPorts;
import io.tulle.proxy.pool.Transport;
import io.tulle.proxy.preface.LaunchSecret;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.Spec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
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
import java.util.function.Consumer;
import java.util.random.RandomGenerator.SplittableGenerator;

/**
 * One application in the mesh: its sidecar in this process, the application under its guardian, the hook between them.
 * The application starts only when the sidecar has an identity and a plan, so its first connection is already in the mesh.
 */
public final class Run implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final RunSettings settings;
    private final ControlLink link;
    private final Surroundings runtime;
    private final RunDirectory directory;
    private final LaunchSecret secret;
    private final ScheduledExecutorService executor;
    private final EventLoopGroup loops;
    private final HookDesk desk;
    private final JoinedIdentity identity;
    private final Optional<OwnNetwork> network;
    private final Sidecar sidecar;
    private final LocalListeners doors;
    private final Watching watching;
    private volatile List<ControlLink.Rejection> rejections = List.of();
    private final CompletableFuture<Snapshot> planned = new CompletableFuture<>();
    private final OpenPorts ports;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Optional<Lives> lives = Optional.empty();
    private HookTable known = HookTable.EMPTY; // guarded by this
    private SharedMap<String, Spec> knownNames = SharedMap.empty(); // of which that was made; the link's thread's
    private boolean isHooked; // guarded by this

    /** What a run gets from its surroundings: Tulle's version, time, chance, and somebody to tell what it did. */
    public record Surroundings(String version, Clock clock, SecureRandom random, Consumer<String> told) {}

    private Run(RunSettings settings, ControlLink link, Surroundings runtime, Watching watching) {
        this.settings = settings;
        this.link = link;
        this.runtime = runtime;
        this.ports = new OpenPorts(
                settings.instance(),
                settings.expose().stream().map(ServicePort::port).toList(),
                link::serving,
                runtime.told());
        this.directory = RunDirectory.create(settings.folder());
        var bytes = new byte[32];
        runtime.random().nextBytes(bytes);
        this.secret = LaunchSecret.of(bytes);
        this.executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("control").daemon().factory());
        this.desk = HookDesk.open(directory.place(HookFile.CONTROL), hookSettings(), ports::nowAt);
        this.identity = JoinedIdentity.join(link.issuer(), runtime.clock(), executor);
        this.loops = new MultiThreadIoEventLoopGroup(1, Transport.best().ioHandlers());
        this.network = settings.capture() == Capture.NETNS
                ? Optional.of(NetworkCapture.open(settings, directory, runtime.random()))
                : Optional.empty();
        this.sidecar = newSidecar(watching);
        this.watching = watching;
        this.doors = new LocalListeners(sidecar);
    }

    private Sidecar newSidecar(Watching watching) {
        return new Sidecar(
                new Sidecar.Surroundings(
                        loops,
                        Transport.best(),
                        new Exchanges.Time(runtime.clock(), Ticker.systemTicker()),
                        SplittableGenerator.of("L64X128MixRandom")),
                network.map(NetworkCapture::settings)
                        .orElseGet(this::onThisHost)
                        .with(SidecarSettings.DEFAULT.exchanges().with(watching.traces()))
                        .of(settings.instance(), settings.service().namespace()),
                identity,
                this::applicationAt,
                watching.observers());
    }

    private SidecarSettings onThisHost() {
        return SidecarSettings.DEFAULT
                .withInbound(new InetSocketAddress(
                        InetAddress.ofLiteral(settings.reach().address()),
                        settings.reach().port()))
                .withOutbound(directory.place(HookFile.OUTBOUND), secret);
    }

    /**
     * Puts the application into the mesh; returns when it has been started.
     *
     * @throws ControlLink.Refused when the control plane does not take it
     */
    public static Run start(
            RunSettings settings, ControlLink link, Surroundings runtime, Watching watching, Upkeep upkeep) {
        var run = new Run(settings, link, runtime, watching);
        try {
            run.join();
            run.launch(upkeep);
            return run;
        } catch (RuntimeException e) {
            run.close();
            throw e;
        }
    }

    /** Done when the application listens on every port that it declared; at once when it declared none. */
    public CompletableFuture<Void> ready() {
        return ports.all();
    }

    /** The application's exit code, once it is not started again. */
    public CompletableFuture<Integer> exit() {
        return lives.map(Lives::over).orElseGet(CompletableFuture::new);
    }

    /** Ends the application at once. */
    public void kill() {
        lives.ifPresent(Lives::kill);
    }

    /** Passes a signal on to the application that does not ask it to end. */
    public void pass(String signal) {
        lives.ifPresent(each -> each.pass(signal));
    }

    /** Where the sidecar's admin pages stand. */
    public Optional<InetSocketAddress> admin() {
        return watching.address();
    }

    public Sidecar sidecar() {
        return sidecar;
    }

    /** Ends in order, as TERM asks for it. */
    public int stop() {
        return stop("TERM");
    }

    /**
     * Ends in order: peers stop sending, work in flight ends, then the application is told.
     *
     * @param signal by which it is told: TERM, or INT after Ctrl-C
     * @return the application's exit code
     */
    public int stop(String signal) {
        if (stopping.compareAndSet(false, true)) {
            link.leave();
            try {
                sidecar.drain().get(settings.drain().toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException _) {
                // What is still in flight is cut when the application ends.
            }
            lives.ifPresent(all -> all.stop(signal, settings.grace()));
        }
        return exit().getNow(0);
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) return;
        ports.close();
        lives.ifPresent(Lives::close);
        link.close();
        identity.close();
        executor.shutdownNow();
        sidecar.close();
        desk.close();
        watching.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        network.ifPresent(OwnNetwork::close);
        directory.close();
    }

    private void join() {
        if (!sidecar.start()) throw new IllegalStateException("the sidecar's sockets could not be opened");
        watching.show(
                sidecar,
                () -> planned.isDone() && ports.serving().closed().isEmpty(),
                Acquaintances.of(link, Ticker.systemTicker()::nanoTime),
                network.map(own -> own::within));
        var known = link.announce(
                instance((InetSocketAddress) sidecar.inboundAddress().orElseThrow()),
                identity,
                () -> watching.traffic().refusedBy(sidecar.refusing()),
                this::replaced);
        await(known.toCompletableFuture(), "the control plane did not take it in");
        link.remembered().forEach(sidecar.uses()::remember);
        sidecar.uses().ask(link);
        link.follow(this::hear);
        sidecar.onDoorOpened(() -> link.revise(this::judge));
        await(planned, "the control plane sent no configuration");
        requireOpenDoors();
    }

    private void await(CompletableFuture<?> step, String otherwise) {
        try {
            step.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            if (e.getCause() instanceof ControlLink.Refused refused) throw refused;
            throw new NotConfigured(
                    rejections.stream()
                            .findFirst()
                            .map(r -> "its sidecar cannot use " + r.name() + ": " + r.reason())
                            .orElse(otherwise + " within " + PATIENCE.toSeconds() + " s"),
                    e);
        }
    }

    /** Two of one name would take each other's traffic, so this one goes, in order. Not on the link's own thread. */
    private void replaced(Problem why) {
        runtime.told().accept(why.message() + "; this one ends");
        Thread.ofPlatform().name("replaced").start(this::stop);
    }

    private List<ControlLink.Rejection> hear(Snapshot heard) {
        var namespace = settings.service().namespace();
        var snapshot = new Aliases(settings.aliases()).in(heard, namespace);
        sidecar.apply(doors.with(snapshot));
        judge();
        var names = snapshot.ofType(ResourceType.NAME);
        if (!names.equals(knownNames)) {
            know(HookTables.of(snapshot, namespace));
            knownNames = names;
        }
        planned.complete(snapshot);
        return rejections;
    }

    /** What of the snapshot in force the sidecar cannot carry out now. */
    private List<ControlLink.Rejection> judge() {
        rejections = ControlLink.Rejection.by(sidecar);
        return rejections;
    }

    /** A door that is shut before the application starts would never be missed by anybody but its callers. */
    private void requireOpenDoors() {
        settings.publish()
                .forEach((port, door) -> rejections.stream()
                        .filter(rejection -> rejection.name().equals("door|" + port)
                                && rejection.code().equals(PlanCode.DOOR_SHUT.code()))
                        .findFirst()
                        .ifPresent(rejection -> {
                            throw new DoorShut(PublishedPorts.problem(port, door, rejection.reason()));
                        }));
    }

    /** Processes that run hear it from the desk, those that start later find it in the file. */
    private synchronized void know(HookTable table) {
        known = table;
        desk.publish(table);
        network.ifPresent(own -> own.know(table));
        if (isHooked) HookFile.renew(directory, hookSettings(), hookOwner(), table);
    }

    private void launch(Upkeep upkeep) {
        var variables = switch (settings.capture()) {
            case HOOK -> hooked();
            case ENV -> rewritten();
            case NETNS -> Map.<String, String>of();
        };
        var words = new Ready(
                settings.capture(),
                new TreeMap<>(variables),
                network.map(own -> own.around(List.of())).orElse(List.of()),
                watching.address().map(InetSocketAddress::getPort).orElse(0));
        ports.all().thenRun(() -> words.write(directory));
        var where = new Question.Where(settings.capture(), settings.workingDirectory(), variables, words.around());
        upkeep.health()
                .map(wanted -> Question.about(settings.instance(), wanted, where))
                .ifPresent(this::check);
        var command = new Application.Command(command(), settings.workingDirectory(), variables, settings.grace());
        var all = new Lives(
                new Lives.What(settings.instance(), command, directory, upkeep.console()),
                upkeep.restart(),
                runtime.clock(),
                runtime.told());
        link.whenKilled().ifPresent(line -> directory.write(Application.KILLED, line));
        all.start();
        lives = Optional.of(all);
        words.announce(directory);
        ports.expect(all::group, this::listeningNow);
        if (settings.capture() != Capture.HOOK) ports.watch(this::listeningNow);
    }

    private void check(Question question) {
        switch (question) {
            case Question.None() -> {}
            case Question.Ask ask -> ports.check(ask, runtime.clock());
            case Question.Refused(var problem) -> throw new IllegalArgumentException(problem.explained());
        }
    }

    /** In the application's network, which may be one of its own. */
    private Listening listeningNow() {
        if (network.isEmpty()) return Listening.now();
        var seen = new ArrayList<Listening>(1);
        network.get().within(() -> seen.add(Listening.now()));
        return seen.getFirst();
    }

    private List<String> command() {
        return network.map(own -> own.around(settings.command())).orElse(settings.command());
    }

    private synchronized Map<String, String> hooked() {
        isHooked = true;
        return HookFile.write(directory, hookSettings(), hookOwner(), known, System.getenv());
    }

    private HookFile.Owner hookOwner() {
        return new HookFile.Owner(settings.instance(), settings.service().namespace(), settings.expose());
    }

    /** Addresses in its environment lead to doors of the sidecar. */
    private Map<String, String> rewritten() {
        var rewrite = EnvRewrite.of(System.getenv(), doors);
        rewrite.said().forEach(runtime.told());
        return rewrite.changed();
    }

    private Instance instance(InetSocketAddress bound) {
        var mesh = settings.reach().advertised().orElse(bound);
        var doors = settings.publish().entrySet().stream()
                .map(e -> new Workload.Door(
                        e.getKey(), e.getValue().address(), e.getValue().port()))
                .toList();
        return Instance.of(
                        Workload.of(
                                settings.instance(),
                                settings.service(),
                                settings.account(),
                                settings.labels(),
                                settings.reach()
                                        .advertised()
                                        .map(InetSocketAddress::getAddress)
                                        .or(() -> network.map(OwnNetwork::address))
                                        .orElse(mesh.getAddress())
                                        .getHostAddress(),
                                mesh.getPort(),
                                settings.expose(),
                                doors),
                        Set.of(ProxyNode.NEST_TCP),
                        Instance.Liveness.LIVE)
                .serving(ports.serving());
    }

    private Optional<ApplicationPorts.Place> applicationAt(int declared) {
        if (settings.capture() != Capture.HOOK)
            return ApplicationPorts.asDeclared().of(declared);
        return desk.portOf(declared).map(at -> new ApplicationPorts.Place(at, Optional.of(secret)));
    }

    private HookDesk.Settings hookSettings() {
        return new HookDesk.Settings(runtime.version(), secret.hex());
    }
}
