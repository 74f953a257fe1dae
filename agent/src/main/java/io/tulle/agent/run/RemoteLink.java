package io.tulle.agent.run;

import io.tulle.dialects.reader.Node;
import io.tulle.dialects.reader.Reader;
import io.tulle.model.JoinToken;
import io.tulle.model.Machine;
import io.tulle.model.Problem;
import io.tulle.model.world.Claimant;
import io.tulle.model.world.Instance;
import io.tulle.model.world.Serving;
import io.tulle.proxy.identity.Issuer;
import io.tulle.proxy.tls.Identity;
import io.tulle.proxy.tls.IdentitySource;
import io.tulle.proxy.tls.Pem;
import io.tulle.xds.Certificates;
import io.tulle.xds.Culprit;
import io.tulle.xds.Reply;
import io.tulle.xds.client.ControlAddress;
import io.tulle.xds.client.Dialer;
import io.tulle.xds.client.JoinClient;
import io.tulle.xds.client.OwnCredentials;
import io.tulle.xds.client.RegistryClient;
import io.tulle.xds.client.ServerTrust;
import io.tulle.xds.client.XdsClient;
import io.tulle.xds.join.Issued;
import io.tulle.xds.join.JoinAsk;
import io.tulle.xds.join.RenewAsk;
import io.tulle.xds.registry.Announcement;
import io.tulle.xds.registry.TrafficReport;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.Snapshot;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The conversation with a control plane: joining over its Unix socket, where the kernel says who asks, or with a token from
 * another host; and everything else over mutual TLS. All callbacks come on one thread of its own.
 */
public final class RemoteLink implements ControlLink {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteLink.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    private final Member member;
    private final Run.Surroundings runtime;
    private final Dialer first;
    private final Optional<JoinToken> token;
    private final ControlAddress address;
    private final Claimant claimant;
    private final Remembered remembered;
    private final List<String> reporter;
    private final Set<String> wanted = ConcurrentHashMap.newKeySet(); // destinations, by canonical host
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("control-link").daemon().factory());
    private volatile Optional<Dialer> mutual = Optional.empty();
    private volatile Optional<RegistryClient> registry = Optional.empty();
    private volatile Optional<XdsClient> xds = Optional.empty();

    /**
     * How a run joins.
     *
     * @param replaces whether the instance's name is taken from a run that is alive
     * @param remembered what its service used before
     */
    public record Joining(boolean replaces, Remembered remembered) {}

    private RemoteLink(
            Member member,
            Run.Surroundings runtime,
            Dialer first,
            Optional<JoinToken> token,
            ControlAddress address,
            Joining joining,
            List<String> reporter) {
        this.reporter = reporter;
        this.claimant = new Claimant(Long.toHexString(runtime.random().nextLong()), joining.replaces());
        this.remembered = joining.remembered();
        this.member = member;
        this.runtime = runtime;
        this.first = first;
        this.token = token;
        this.address = address;
    }

    /**
     * Finds the control plane by the files of its mesh.
     *
     * @param run the folder of its sockets
     * @throws Issuer.IssueFailed when there is none
     */
    public static RemoteLink open(Path run, Member member, Run.Surroundings runtime, Joining joining) {
        var socket = new ControlAddress.Unix(run.resolve("xds.sock"));
        var known = new AtomicReference<>(whereaboutsIn(run));
        return new RemoteLink(
                member,
                runtime,
                Dialer.local(socket),
                Optional.empty(),
                new ControlAddress.Tcp(() -> known.updateAndGet(before -> whereaboutsIn(run, before))),
                joining,
                List.of());
    }

    /**
     * Joins a control plane elsewhere, over TLS pinned to the root that the token names.
     *
     * @param reporter a command that tells it of this run's end by {@code TULLE_RUN}, the run's number; empty for none
     */
    public static RemoteLink open(
            JoinToken token,
            InetSocketAddress control,
            Member member,
            Run.Surroundings runtime,
            Joining joining,
            List<String> reporter) {
        var address = new ControlAddress.Tcp(control);
        var pinned = Dialer.of(address, new ServerTrust.Pinned(token.rootDigest()), Optional::empty, runtime.clock());
        return new RemoteLink(member, runtime, pinned, Optional.of(token), address, joining, reporter);
    }

    /** Joins; with a token once, and from then on the leaf in force speaks for itself. */
    @Override
    public Issuer issuer() {
        return csr -> {
            var reply = token.isPresent() && mutual.isPresent()
                    ? new JoinClient(mutual.get(), PATIENCE)
                            .renew(new RenewAsk(member.instance(), csr, runtime.version()))
                    : new JoinClient(first, PATIENCE).join(joinAsk(csr));
            return switch (reply) {
                case Reply.Granted<Issued>(var issued) -> issued(issued);
                case Reply.Refused<Issued>(var problem) -> throw new Issuer.IssueFailed(problem);
            };
        };
    }

    private JoinAsk joinAsk(String csr) {
        return new JoinAsk(
                token.map(JoinToken::text),
                member.instance(),
                member.service().namespace(),
                member.account(),
                csr,
                runtime.version());
    }

    @Override
    public CompletionStage<Void> announce(
            Instance instance, IdentitySource identity, Supplier<TrafficReport> traffic, Consumer<Problem> replaced) {
        var trust = new ServerTrust.Roots(() ->
                identity.current().map(own -> own.trust().of(trustDomain(own))).orElse(List.of()));
        var dialer = Dialer.of(
                address,
                trust,
                () -> identity.current().map(own -> new OwnCredentials(own.key(), own.chain())),
                runtime.clock());
        mutual = Optional.of(dialer);
        var told = new Told(runtime.clock(), replaced, runtime.told());
        var announcement = new Announcement(instance, runtime.version(), Machine.bootId(), claimant);
        registry = Optional.of(RegistryClient.start(dialer, announcement, traffic, thread, random(), told));
        return told.known();
    }

    @Override
    public void serving(Serving now) {
        registry.ifPresent(client -> client.serving(now));
    }

    @Override
    public void follow(Function<Snapshot, List<Rejection>> hear) {
        var node = new XdsClient.Node(
                member.instance(),
                runtime.version(),
                Set.copyOf(wanted),
                snapshot ->
                        hear.apply(snapshot).stream().map(RemoteLink::culprit).toList());
        xds = Optional.of(XdsClient.start(mutual.orElseThrow(), node, thread, random(), there -> {
            if (there) LOG.info("the control plane is there");
        }));
    }

    @Override
    public void revise(Supplier<List<Rejection>> now) {
        xds.ifPresent(client ->
                client.revise(() -> now.get().stream().map(RemoteLink::culprit).toList()));
    }

    /** What is wanted before there is anybody to ask is in the first snapshot. */
    @Override
    public void want(String host) {
        if (wanted.add(host)) changeWanted(client -> client.want(host));
    }

    @Override
    public void release(String host) {
        if (wanted.remove(host)) changeWanted(client -> client.release(host));
    }

    private void changeWanted(Consumer<XdsClient> told) {
        thread.execute(() -> {
            xds.ifPresent(told);
            remembered.keep(wanted);
        });
    }

    @Override
    public Set<String> remembered() {
        return remembered.hosts();
    }

    @Override
    public void ask(String instance) {
        thread.execute(() -> xds.ifPresent(client -> client.ask(instance)));
    }

    @Override
    public void forget(String instance) {
        thread.execute(() -> xds.ifPresent(client -> client.forget(instance)));
    }

    @Override
    public Optional<String> whenKilled() {
        if (reporter.isEmpty()) return Optional.empty();
        var words = reporter.stream().map(RemoteLink::quoted).collect(Collectors.joining(" "));
        return Optional.of("TULLE_RUN=" + claimant.run() + " exec " + words + "\n");
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    @Override
    public void leave() {
        registry.ifPresent(client -> {
            try {
                client.leave()
                        .toCompletableFuture()
                        .orTimeout(GOODBYE.toMillis(), TimeUnit.MILLISECONDS)
                        .join();
            } catch (CompletionException _) {
                // The control plane is away: the lease runs out by itself.
            }
        });
    }

    @Override
    public void close() {
        xds.ifPresent(XdsClient::close);
        registry.ifPresent(RegistryClient::close);
        thread.shutdown();
        mutual.ifPresent(Dialer::close);
        first.close();
    }

    private static Culprit culprit(Rejection rejection) {
        return new Culprit(
                ResourceType.ofUrl(rejection.type()).orElse(ResourceType.LISTENER),
                rejection.name(),
                rejection.code(),
                rejection.reason());
    }

    private static Issuer.Issued issued(Issued issued) {
        try {
            var leaf = Pem.certificates(issued.chain()).getFirst();
            return new Issuer.Issued(
                    issued.chain(),
                    issued.trust(),
                    leaf.getNotBefore().toInstant(),
                    leaf.getNotAfter().toInstant());
        } catch (IllegalArgumentException e) {
            throw new Issuer.IssueFailed("the answer holds no certificate: " + e.getMessage());
        }
    }

    private static String trustDomain(Identity own) {
        return Certificates.identity(own.leaf()).orElseThrow().trustDomain();
    }

    private static RandomGenerator random() {
        return RandomGenerator.of("L64X128MixRandom");
    }

    /** It may come back at another port; while it is away there may be nothing to read. */
    private static InetSocketAddress whereaboutsIn(Path run, InetSocketAddress before) {
        try {
            return whereaboutsIn(run);
        } catch (Issuer.IssueFailed | IllegalArgumentException _) {
            return before;
        }
    }

    private static InetSocketAddress whereaboutsIn(Path run) {
        var file = run.resolve("control.json");
        try {
            var read = new Reader().json(file.toString(), Files.readAllBytes(file));
            var at = read.documents().getFirst().at("xds").orElse(Node.of(""));
            if (at instanceof Node.Text(var _, var text) && text.contains(":")) {
                var colon = text.lastIndexOf(':');
                return new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
            }
            throw new Issuer.IssueFailed(file + " names no address");
        } catch (IOException _) {
            throw new Issuer.IssueFailed("no control plane of this mesh is running here (" + file + " is not there)");
        }
    }
}
