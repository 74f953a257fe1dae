package io.tulle.it.mesh;

import io.tulle.agent.run.ControlLink;
import io.tulle.compile.MeshCompiler;
import io.tulle.control.identity.AuthoritySettings;
import io.tulle.control.identity.CertificateAuthority;
import io.tulle.control.identity.JoinDesk;
import io.tulle.control.identity.JoinTokens;
import io.tulle.control.identity.LocalJoin;
import io.tulle.control.identity.SqliteTokens;
import io.tulle.control.identity.SvidVerifier;
import io.tulle.dialects.ResourceReader;
import io.tulle.dialects.WorldReader;
import io.tulle.dialects.reader.Reader;
import io.tulle.model.Problem;
import io.tulle.model.world.Fleet;
import io.tulle.model.world.Instance;
import io.tulle.model.world.MeshSettings;
import io.tulle.model.world.Serving;
import io.tulle.model.world.World;
import io.tulle.proxy.identity.Issuer;
import io.tulle.proxy.tls.IdentitySource;
import io.tulle.xds.codec.Codec;
import io.tulle.xds.codec.Decoded;
import io.tulle.xds.layer.Demand;
import io.tulle.xds.registry.TrafficReport;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.Spec;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** A control plane without a network: the real authority and the real compiler, called directly. */
final class LocalMesh {
    private final CertificateAuthority authority;
    private final JoinDesk joins;
    private final Map<String, Instance> instances = new TreeMap<>();
    private final Map<String, Function<Snapshot, List<ControlLink.Rejection>>> listeners = new ConcurrentHashMap<>();
    private World world = World.empty(MeshSettings.DEFAULT);

    LocalMesh(Path folder) throws SQLException {
        var random = new SecureRandom();
        var clock = Clock.systemUTC();
        authority = CertificateAuthority.open(AuthoritySettings.of(folder.resolve("ca"), "tulle"), clock, random);
        var tokens = new JoinTokens(
                new SqliteTokens(DriverManager.getConnection("jdbc:sqlite::memory:")),
                authority.rootDigest(),
                clock,
                random);
        joins = new JoinDesk(authority, tokens, SvidVerifier.of(authority, clock), _ -> Optional.empty(), 0);
    }

    /** Puts configuration in force, as {@code tulle apply} does, and returns what every proxy refused. */
    synchronized List<ControlLink.Rejection> apply(String yaml) {
        var resources = ResourceReader.read(new Reader().yaml("test.yaml", yaml), "shop");
        var reading = WorldReader.read(world.revision() + 1, MeshSettings.DEFAULT, resources.resources());
        if (!resources.isClean() || !reading.isClean()) {
            throw new AssertionError(resources.problems() + " " + reading.problems());
        }
        world = reading.world();
        return publish();
    }

    private synchronized List<ControlLink.Rejection> publish() {
        var refused = new ArrayList<ControlLink.Rejection>();
        var compiler = MeshCompiler.of(world, Fleet.of(1, instances.values()), List.of(authority.trustPem()));
        instances
                .values()
                .forEach(instance -> Optional.ofNullable(listeners.get(instance.id()))
                        .ifPresent(listener -> refused.addAll(listener.apply(heardBy(compiler, instance)))));
        return refused;
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

    /** A link of an instance of namespace shop. */
    ControlLink link(String instance, String account) {
        return link("shop", instance, account);
    }

    ControlLink link(String namespace, String instance, String account) {
        return new ControlLink() {
            @Override
            public Issuer issuer() {
                return csr -> joins.byUnixPeer(0, new LocalJoin(namespace, account, instance), csr)
                        .accepted()
                        .map(leaf ->
                                new Issuer.Issued(leaf.chainPem(), leaf.trustPem(), leaf.notBefore(), leaf.notAfter()))
                        .orElseThrow(() -> new Issuer.IssueFailed("refused"));
            }

            @Override
            public CompletionStage<Void> announce(
                    Instance announced,
                    IdentitySource identity,
                    Supplier<TrafficReport> traffic,
                    Consumer<Problem> replaced) {
                synchronized (LocalMesh.this) {
                    instances.put(announced.id(), announced);
                    publish();
                }
                return CompletableFuture.completedStage(null);
            }

            @Override
            public void serving(Serving now) {
                synchronized (LocalMesh.this) {
                    instances.computeIfPresent(instance, (_, known) -> known.serving(now));
                    publish();
                }
            }

            @Override
            public void follow(Function<Snapshot, List<Rejection>> hear) {
                listeners.put(instance, hear);
                publish();
            }

            @Override
            public void leave() {
                synchronized (LocalMesh.this) {
                    instances.remove(instance);
                    publish();
                }
            }

            @Override
            public void close() {
                listeners.remove(instance);
            }
        };
    }
}
