package io.tulle.it.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.compile.MeshCompiler;
import io.tulle.control.DialectAdmission;
import io.tulle.control.api.Admission;
import io.tulle.control.api.KindTable;
import io.tulle.control.api.ServedKind;
import io.tulle.control.identity.Svid;
import io.tulle.control.push.Mesh;
import io.tulle.control.push.Publisher;
import io.tulle.control.registry.LeaseStore;
import io.tulle.control.registry.Registry;
import io.tulle.control.registry.RegistrySettings;
import io.tulle.control.registry.StoredLease;
import io.tulle.control.registry.Tombstone;
import io.tulle.control.store.Batch;
import io.tulle.control.store.Change;
import io.tulle.control.store.Database;
import io.tulle.control.store.EmbeddedStore;
import io.tulle.control.store.Guard;
import io.tulle.control.store.Manifest;
import io.tulle.control.store.ResourceKey;
import io.tulle.dialects.Kinds;
import io.tulle.dialects.ResourceReader;
import io.tulle.dialects.WorldReader;
import io.tulle.dialects.reader.Json;
import io.tulle.dialects.reader.Node;
import io.tulle.dialects.reader.Reader;
import io.tulle.dialects.reader.Reading;
import io.tulle.dialects.resource.Resource;
import io.tulle.model.Problem;
import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.SpiffeId;
import io.tulle.model.world.Claimant;
import io.tulle.model.world.Instance;
import io.tulle.model.world.MeshSettings;
import io.tulle.model.world.ProxyNode;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.Workload;
import io.tulle.proxy.plan.Plan;
import io.tulle.proxy.plan.PlanCompiler;
import io.tulle.testkit.TestPki;
import io.tulle.xds.codec.Codec;
import io.tulle.xds.codec.Decoded;
import io.tulle.xds.layer.Bundle;
import io.tulle.xds.layer.Demand;
import io.tulle.xds.registry.Announcement;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.Spec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of documents, each a valid one with something changed: what is accepted reaches a plan in every proxy. */
final class AcceptedMeansPlannedTest {
    private static final int DOCUMENTS = 5_000;
    private static final List<ServedKind> KINDS = KindTable.of(Kinds.all()).kinds();

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "*",
            "**",
            "a",
            "A",
            "a.b",
            "-1",
            "0",
            "1",
            "3000",
            "65536",
            "99999999999999999999",
            "1.5s",
            "0s",
            "1ns",
            "9999999h",
            "99999999999s",
            "/",
            "/x",
            "/x/../y",
            "//",
            "(",
            "(?i)a{1000}",
            "a|b",
            "\\Q",
            "\r\nx: y",
            "\u0000",
            "é",
            "\ud800",
            "%s",
            "%",
            "100%",
            "10.0.0.04",
            "10.0.0.1/33",
            "10.0.0.1/8",
            "::",
            "fe80::1%lo",
            "127.1",
            "host",
            "content-length",
            ":authority",
            ":path",
            "x y",
            "cart.shop.tulle",
            "catalog",
            "web",
            "v1",
            "*.example.com",
            "@request.auth.claims.x",
            "x".repeat(300),
            "spiffe://x",
            "DISABLE",
            "NONE",
            "STATIC",
            "DNS",
            "ALLOW",
            "grpc",
            "tcp");
    private static final long[] NUMBERS = {
        0,
        1,
        -1,
        2,
        3,
        80,
        100,
        101,
        599,
        600,
        3000,
        65535,
        65536,
        1_000_000,
        1_000_001,
        2_000_000,
        Integer.MAX_VALUE,
        1L << 31,
        Long.MAX_VALUE
    };

    @TempDir
    private Path folder;

    private final Set<Spec> known = Collections.newSetFromMap(new IdentityHashMap<>());
    private final PlanCompiler plans = new PlanCompiler(RandomGenerator.of("L64X128MixRandom"), () -> 0, "own", "shop");
    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(11);
    private EmbeddedStore store;
    private Registry registry;
    private Mesh mesh;
    private final Map<ResourceKey, Resource> sound = new HashMap<>();
    private List<Node> seeds = List.of();

    @BeforeEach
    void start() throws Exception {
        store = new EmbeddedStore(
                Database.open(folder.resolve("mesh.db")), Clock.systemUTC(), RandomGenerator.of("L64X128MixRandom"));
        registry = Registry.start(RegistrySettings.of("tulle"), new Forgetful(), Clock.systemUTC(), (_, _) -> () -> {});
        var text = Files.readString(Path.of("src/test/resources/accepted/seeds.yaml"));
        seeds = new Reader().yaml("seeds.yaml", text).documents();
        for (var seed : seeds) {
            var read = ResourceReader.read(new Reading(List.of(seed), List.of()), "shop")
                    .resources();
            sound.put(key((Node.Mapping) seed), read.getFirst());
        }
        var puts = new ArrayList<Change>();
        for (var seed : seeds) puts.add(put((Node.Mapping) seed));
        store.commit(Batch.of(puts));
        var told = new CompletableFuture<Void>();
        mesh = Mesh.start(
                store,
                registry,
                new Mesh.Settings(MeshSettings.DEFAULT, List.of(TestPki.create().rootPem()), Clock.systemUTC()),
                new Waiting(told),
                Executors.newSingleThreadScheduledExecutor());
        join("catalog", "v1", 3000, "http");
        join("web", "v1", 3000, "nest-tcp");
        join("pay", "v1", 5000, "grpc");
        told.get();
        assertEquals(Map.of(), mesh.leftOut(), "the seeds themselves are sound");
    }

    @AfterEach
    void stop() {
        mesh.close();
        registry.close();
        store.close();
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES) // less than one on a quiet machine
    void whateverIsAcceptedIsCompiledEncodedDecodedAndPlanned() {
        var admission = new DialectAdmission(mesh);
        var accepted = 0;
        for (var i = 0; i < DOCUMENTS; i++) {
            var mutant = (Node.Mapping) mutant(seeds.get(i % seeds.size()), 1 + random.nextInt(2));
            var key = key(mutant);
            var document = Json.compact(mutant);
            var unreadable = isUnreadable(document);
            if (unreadable && i % 10 != 0) continue; // every tenth is enough to see that admission refuses these
            var proposal = new Admission.Proposal(List.of(candidate(key, document)), List.of());
            List<Problem> problems;
            try {
                problems = admission.check(proposal);
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError("admission failed at " + document, e);
            }
            assertTrue(
                    problems.stream()
                            .noneMatch(
                                    p -> p.code().equals("TUL1392") || p.code().equals("TUL1399")),
                    () -> "only the net caught it: " + problems + " in " + document);
            if (problems.stream().anyMatch(Problem::isError)) continue;
            assertFalse(unreadable, document);
            accepted++;
            planned(after(key, document), document);
        }
        assertTrue(accepted > DOCUMENTS / 10, "of the mutants only " + accepted + " were accepted");
    }

    /** Whether it would be refused in any mesh, whatever else is in it. */
    private static boolean isUnreadable(String document) {
        var read = ResourceReader.read(new Reader().json("mutant", document), "shop");
        return !read.isClean()
                || !WorldReader.read(1, MeshSettings.DEFAULT, read.resources()).isClean();
    }

    private MeshCompiler after(ResourceKey key, String document) {
        var resources = new HashMap<>(sound);
        resources.put(
                key,
                ResourceReader.read(new Reader().json("mutant", document), "shop")
                        .resources()
                        .getFirst());
        var reading = WorldReader.read(1, MeshSettings.DEFAULT, resources.values());
        return mesh.compiled().then(reading.world(), mesh.fleet());
    }

    /** What the document changes: a spec that is the same object has been planned before. */
    private void planned(MeshCompiler compiler, String document) {
        assertEquals(Map.of(), compiler.leftOut(), document);
        for (var instance : compiler.fleet().instances().values()) {
            var changed = new ArrayList<Spec>();
            compiler.snapshotFor(instance)
                    .specs()
                    .values()
                    .forEach(byName -> byName.values().stream()
                            .filter(known::add)
                            .forEach(spec -> changed.add(decode(spec, document))));
            var culprits =
                    plans.compile(Snapshot.EMPTY.put(changed), Plan.EMPTY).culprits();
            assertEquals(List.of(), culprits, document);
        }
    }

    private static Spec decode(Spec spec, String document) {
        var resource = Codec.encode(spec);
        var read = Codec.decode(resource.type(), resource.name(), resource.any());
        return assertInstanceOf(Decoded.Accepted.class, read, document).spec();
    }

    private Node mutant(Node node, int changes) {
        var changed = node;
        for (var i = 0; i < changes; i++) changed = spec(changed);
        return changed;
    }

    /** Changes one value somewhere below spec, so that the document stays what it is. */
    private Node spec(Node document) {
        var mapping = (Node.Mapping) document;
        return new Node.Mapping(
                mapping.place(),
                mapping.entries().stream()
                        .map(entry -> entry.key().equals("spec")
                                ? new Node.Entry(entry.keyPlace(), "spec", change(entry.value(), 0))
                                : entry)
                        .toList());
    }

    private Node change(Node node, int depth) {
        if (depth > 0 && random.nextInt(6) == 0) return any(2);
        return switch (node) {
            case Node.Mapping mapping
            when !mapping.entries().isEmpty() -> {
                var entries = new ArrayList<>(mapping.entries());
                var at = random.nextInt(entries.size());
                var entry = entries.get(at);
                switch (random.nextInt(12)) {
                    case 0 -> entries.remove(at);
                    case 1 -> entries.set(at, new Node.Entry(entry.keyPlace(), text(), entry.value()));
                    default ->
                        entries.set(
                                at, new Node.Entry(entry.keyPlace(), entry.key(), change(entry.value(), depth + 1)));
                }
                yield new Node.Mapping(mapping.place(), entries);
            }
            case Node.Sequence list
            when !list.items().isEmpty() -> {
                var items = new ArrayList<>(list.items());
                var at = random.nextInt(items.size());
                switch (random.nextInt(10)) {
                    case 0 -> items.remove(at);
                    case 1 -> items.add(items.get(at));
                    default -> items.set(at, change(items.get(at), depth + 1));
                }
                yield new Node.Sequence(list.place(), items);
            }
            case Node.Text _ -> Node.of(text());
            case Node.Numeral _ -> Node.of(NUMBERS[random.nextInt(NUMBERS.length)]);
            case Node.Mapping _, Node.Sequence _, Node.Bool _, Node.Null _ -> any(1);
        };
    }

    private Node any(int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 6)) {
            case 0 -> Node.of(text());
            case 1 -> Node.of(NUMBERS[random.nextInt(NUMBERS.length)]);
            case 2 -> Node.of(random.nextBoolean());
            case 3 -> new Node.Null(Node.MADE);
            case 4 -> Node.listOf(List.of(any(depth - 1)));
            default -> Node.mapOf(Map.of(text(), any(depth - 1)));
        };
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private static Admission.Candidate candidate(ResourceKey key, String document) {
        var served = KINDS.stream()
                .filter(each -> each.kind().equals(key.kind()))
                .findFirst()
                .orElseThrow();
        return new Admission.Candidate(served, key, document);
    }

    private static Change put(Node.Mapping document) {
        var body = Json.compact(document.without(Set.of("apiVersion", "kind", "metadata")));
        return new Change.Put(key(document), Manifest.of(Map.of(), Map.of(), body), Guard.any());
    }

    private static ResourceKey key(Node.Mapping document) {
        var version = word(document, "apiVersion");
        var namespace = document.at("metadata", "namespace")
                .map(node -> ((Node.Text) node).value())
                .orElse("");
        var group = version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
        return new ResourceKey(group, word(document, "kind"), namespace, word(document, "metadata", "name"));
    }

    private static String word(Node.Mapping document, String... path) {
        return ((Node.Text) document.at(path).orElseThrow()).value();
    }

    private void join(String service, String version, int port, String protocol) {
        var svid = new Svid(SpiffeId.of("tulle", "shop", service), Optional.of(service + "-1"), Instant.MAX);
        var facts = new Announcement(
                Instance.of(
                        Workload.of(
                                service + "-1",
                                new ServiceName("shop", service),
                                service,
                                Map.of("version", version),
                                "127.0.0.1",
                                20_000,
                                List.of(new ServicePort(
                                        port, Protocol.parse(protocol).orElseThrow())),
                                List.of()),
                        Set.of(ProxyNode.NEST_TCP),
                        Instance.Liveness.LIVE),
                "0.1.0",
                "",
                Claimant.UNTOLD);
        var _ = registry.register(svid, facts).accepted().orElseThrow();
    }

    /** Done when every instance has been told of a mesh with the seeds and with all three of them in it. */
    private record Waiting(CompletableFuture<Void> told) implements Publisher {
        @Override
        public Demand demandOf(String node) {
            return Demand.EVERYTHING;
        }

        @Override
        public void publish(String node, Bundle bundle) {
            var listeners = bundle.of(ResourceType.LISTENER);
            if (listeners.has("pay.shop.tulle:5000") && listeners.has("api.example.com:80")) told.complete(null);
        }

        @Override
        public void forget(String node) {}
    }

    private static final class Forgetful implements LeaseStore {
        @Override
        public void save(StoredLease lease) {}

        @Override
        public void remove(String instance) {}

        @Override
        public List<StoredLease> all() {
            return List.of();
        }

        @Override
        public void bury(Tombstone tombstone) {}

        @Override
        public void unbury(ServiceName service) {}

        @Override
        public List<Tombstone> tombstones() {
            return List.of();
        }
    }
}
