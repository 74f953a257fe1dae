package io.tulle.control;

import com.linecorp.armeria.server.ServerBuilder;
import io.tulle.control.api.ApiPlace;
import io.tulle.control.api.ApiRules;
import io.tulle.control.api.ApiServer;
import io.tulle.control.api.KindTable;
import io.tulle.control.api.Rollouts;
import io.tulle.control.api.TokenFile;
import io.tulle.control.dashboard.Dashboard;
import io.tulle.control.identity.AuthoritySettings;
import io.tulle.control.identity.CertificateAuthority;
import io.tulle.control.identity.JoinDesk;
import io.tulle.control.identity.JoinTokens;
import io.tulle.control.identity.SqliteTokens;
import io.tulle.control.identity.Svid;
import io.tulle.control.identity.SvidVerifier;
import io.tulle.control.push.Mesh;
import io.tulle.control.push.Publisher;
import io.tulle.control.registry.Metronome;
import io.tulle.control.registry.Registry;
import io.tulle.control.registry.RegistrySettings;
import io.tulle.control.registry.SqliteLeases;
import io.tulle.control.store.Database;
import io.tulle.control.store.EmbeddedStore;
import io.tulle.control.traffic.Traffic;
import io.tulle.dialects.Kinds;
import io.tulle.model.Machine;
import io.tulle.model.Problem;
import io.tulle.xds.layer.Bundle;
import io.tulle.xds.layer.Demand;
import io.tulle.xds.server.DiscoveryHandler;
import io.tulle.xds.server.EdgeLimits;
import io.tulle.xds.server.Peer;
import io.tulle.xds.server.XdsServer;
import io.tulle.xds.stream.SnapshotCache;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The control plane, top to bottom: state, who is who, who is running, what the mesh is, and the two doors to it. */
public final class ControlPlane implements AutoCloseable {
    private final Deque<AutoCloseable> parts = new ArrayDeque<>(); // the last made is closed first
    private final CertificateAuthority authority;
    private final JoinTokens tokens;
    private final Registry registry;
    private final Mesh mesh;
    private final XdsServer xds;
    private final ApiServer api;

    private ControlPlane(ControlPlaneSettings settings, Clock clock, SecureRandom random)
            throws IOException, SQLException {
        Stream.of(settings.state(), settings.run()).forEach(ControlPlane::makePrivate);
        var scheduler = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("registry").daemon().factory());
        parts.push(scheduler::shutdownNow);

        var database = Database.open(settings.state().resolve("resources.db"));
        parts.push(database);
        var store = new EmbeddedStore(database, clock, random);
        parts.push(store);
        var side = sideStore(settings.state().resolve("instances.db"));
        parts.push(side);

        var domain = settings.mesh().trustDomain();
        authority = CertificateAuthority.open(
                new AuthoritySettings(settings.state().resolve("authority"), domain, settings.leafLife()),
                clock,
                random);
        tokens = new JoinTokens(new SqliteTokens(side), authority.rootDigest(), clock, random);
        var verifier = SvidVerifier.of(authority, clock);
        var identity = new OwnIdentity(authority, settings.mesh().rootNamespace(), clock);

        var leases = RegistrySettings.of(domain).on(Machine.bootId());
        registry = Registry.start(leases, new SqliteLeases(side), clock, Metronome.of(scheduler));
        parts.push(registry);

        var traffic = new Traffic(clock);
        registry.listen(traffic::follow);

        var cache = new SnapshotCache();
        mesh = Mesh.start(
                store,
                registry,
                new Mesh.Settings(settings.mesh(), List.of(authority.trustPem()), clock),
                new Cached(cache),
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("push").daemon().factory()));
        parts.push(mesh);
        cache.listenToDemands(mesh::asked);
        cache.listen(status ->
                status.applied().ifPresent(version -> mesh.settled(status.node(), version, status.culprits())));

        var user = uid(settings.run());
        var desk = new JoinDesk(authority, tokens, verifier, registry::holderOf, user);
        xds = XdsServer.start(
                new XdsServer.Place(
                        settings.xds(), settings.run().resolve(ControlPlaneSettings.XDS_SOCKET), settings.version()),
                identity,
                cache,
                new XdsServer.Handlers(
                        speaksForItself(user, verifier),
                        new Joining(desk, settings.version()),
                        new Registering(registry, traffic, verifier)),
                EdgeLimits.DEFAULT);
        parts.push(xds);

        var findings = new Findings(
                this::mesh,
                registry,
                new InstancePages(this::mesh, cache),
                new Findings.Setting(authority, settings.version(), clock));
        api = ApiServer.start(
                new ApiPlace(settings.api(), settings.run().resolve(ControlPlaneSettings.API_SOCKET), Set.of()),
                identity::keyPair,
                TokenFile.open(settings.state().resolve("api-token"), random),
                new ApiRules(KindTable.of(Kinds.all()), new DialectAdmission(mesh), this::progress, settings.version()),
                store,
                clock,
                beside(new InstancePages(this::mesh, cache), traffic, settings, clock)
                        .andThen(new JoinPages(tokens, authority)::mount)
                        .andThen(new ForgetPages(registry)::mount)
                        .andThen(findings::mount));
        parts.push(api);
    }

    /**
     * Starts everything; returns when both doors are open.
     *
     * @throws IOException when a door or a file cannot be opened
     */
    public static ControlPlane start(ControlPlaneSettings settings, Clock clock, SecureRandom random)
            throws IOException {
        try {
            return new ControlPlane(settings, clock, random);
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    public InetSocketAddress xdsAddress() {
        return xds.address();
    }

    public InetSocketAddress apiAddress() {
        return api.address();
    }

    /** SHA-256 of the root certificate, to which joiners pin TLS. */
    public String rootDigest() {
        return authority.rootDigest();
    }

    public JoinTokens tokens() {
        return tokens;
    }

    public Registry registry() {
        return registry;
    }

    public Mesh mesh() {
        return mesh;
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("a part of the control plane did not end", e);
            }
        }
    }

    /** What the API's port serves besides the API. */
    private Consumer<ServerBuilder> beside(
            InstancePages instances, Traffic traffic, ControlPlaneSettings settings, Clock clock) {
        var about = new Dashboard.About(settings.name(), settings.version(), clock.instant());
        var dashboard = new Dashboard(about, this::mesh, instances::sync, traffic, clock);
        return server -> {
            instances.mount(server);
            dashboard.mount(server);
        };
    }

    private Optional<Rollouts.Progress> progress(long revision) {
        var now = mesh.rollout().of(revision);
        var waiting = now.waiting().stream().map(name -> new Rollouts.Pending(name, false, ""));
        var rejected = now.rejected().entrySet().stream()
                .map(e -> new Rollouts.Pending(e.getKey(), true, String.join("; ", e.getValue())));
        var done = now.done().size();
        var pending = Stream.concat(waiting, rejected).toList();
        return Optional.of(new Rollouts.Progress(revision, done + pending.size(), done, now.told(), pending));
    }

    /** A sidecar hears what is for it and for no other; this user's own processes on the Unix socket may look at any. */
    private static DiscoveryHandler speaksForItself(long user, SvidVerifier verifier) {
        return (node, peer) -> {
            // TLS has looked for a path to a root alone; whose leaf it is, the rules for workloads say.
            var own = verifier.verify(peer.chain())
                    .accepted()
                    .flatMap(Svid::instance)
                    .filter(node::equals)
                    .isPresent();
            var local = peer.user().isPresent()
                    && (peer.user().getAsLong() == user || peer.user().getAsLong() == 0);
            return own || local ? Optional.empty() : Optional.of(notYours(node, peer));
        };
    }

    private static Problem notYours(String node, Peer peer) {
        return ControlCode.NOT_YOURS.problem(
                "this certificate is for " + peer.instance().orElse("no instance") + ", not for " + node,
                "let each sidecar join by itself: a leaf names the one instance that it was issued to");
    }

    private record Cached(SnapshotCache cache) implements Publisher {
        @Override
        public void publish(String node, Bundle bundle) {
            cache.publish(node, bundle);
        }

        @Override
        public Demand demandOf(String node) {
            return cache.demandOf(node);
        }

        @Override
        public void forget(String node) {
            cache.forget(node);
        }
    }

    private static Connection sideStore(Path file) throws SQLException, IOException {
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        var config = new org.sqlite.SQLiteConfig();
        config.setJournalMode(org.sqlite.SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(org.sqlite.SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(5_000);
        return config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
    }

    private static void makePrivate(Path folder) {
        try {
            if (Files.isDirectory(folder)) return;
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static long uid(Path folder) throws IOException {
        return Integer.toUnsignedLong((Integer) Files.getAttribute(folder, "unix:uid"));
    }
}
