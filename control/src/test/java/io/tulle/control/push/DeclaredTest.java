package io.tulle.control.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.tulle.control.store.Batch;
import io.tulle.control.store.Change;
import io.tulle.control.store.Database;
import io.tulle.control.store.EmbeddedStore;
import io.tulle.control.store.Guard;
import io.tulle.control.store.Manifest;
import io.tulle.control.store.Query;
import io.tulle.control.store.ResourceKey;
import io.tulle.dialects.WorldReader;
import io.tulle.model.world.MeshSettings;
import io.tulle.model.world.Routing;
import io.tulle.model.world.World;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is stored is read once, and a later moment takes only what changed. */
final class DeclaredTest {
    private static final int REMEMBERED = 8;

    @TempDir
    private Path folder;

    private Database database;
    private EmbeddedStore store;
    private Declared declared;

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("mesh.db"));
        store = new EmbeddedStore(database, Clock.systemUTC(), RandomGenerator.of("L64X128MixRandom"), REMEMBERED);
        declared = new Declared(store, MeshSettings.DEFAULT);
    }

    @AfterEach
    void close() {
        store.close();
        database.close();
    }

    @Test
    void whatDidNotChangeIsNotReadAgain() {
        put("a", "1s");
        put("b", "1s");
        var before = declared.now();

        put("b", "2s");
        var after = declared.now();

        assertSame(resource(before, "a"), resource(after, "a"));
        assertSame(routing(before, "a"), routing(after, "a"), "nor decoded");
        assertNotSame(resource(before, "b"), resource(after, "b"));
        assertEquals(fresh(), after.reading().world());
    }

    @Test
    void aStatusIsNoneOfTheResourcesWords() {
        put("a", "1s");
        var before = declared.now();

        store.commit(Batch.of(new Change.Report(key("a"), "{\"conditions\":[]}", Guard.any())));

        assertSame(before, declared.now());
    }

    @Test
    void aHostThatIsDeclaredOutsideChangesWhatTheOthersMean() {
        put("a", "1s");
        var before = declared.now();

        store.commit(Batch.of(new Change.Put(
                new ResourceKey("networking.istio.io", "ServiceEntry", "shop", "a"),
                Manifest.of(
                        Map.of(),
                        Map.of(),
                        "{\"spec\":{\"hosts\":[\"a\"],\"ports\":[{\"number\":80,\"name\":\"http\",\"protocol\":\"HTTP\"}],\"resolution\":\"DNS\"}}"),
                Guard.any())));
        var after = declared.now();

        assertEquals("a.shop.tulle", routing(before, "a").parents().getFirst().host());
        assertEquals("a", routing(after, "a").parents().getFirst().host());
        assertEquals(fresh(), after.reading().world());
    }

    @Test
    void whatIsDeletedIsGoneAndAStoreThatForgotTheStepsIsReadAnew() {
        put("a", "1s");
        put("b", "1s");
        var _ = declared.now();
        for (int i = 0; i < 3 * REMEMBERED; i++) put("b", i + "s");
        store.commit(Batch.of(new Change.Delete(key("a"), Guard.any())));

        var now = declared.now();

        assertEquals(Set.of(key("b")), now.resources().keySet());
        assertEquals(fresh(), now.reading().world());
    }

    /** The same from nothing. */
    private World fresh() {
        var all = StoredResources.byKey(store.list(Query.everything()).resources());
        return WorldReader.read(store.position().revision(), MeshSettings.DEFAULT, all.values())
                .world();
    }

    private static ResourceKey key(String name) {
        return new ResourceKey("networking.istio.io", "VirtualService", "shop", name);
    }

    private static Object resource(Declared.Moment moment, String name) {
        return Optional.ofNullable(moment.resources().get(key(name))).orElseThrow();
    }

    private static Routing routing(Declared.Moment moment, String name) {
        return moment.reading().world().routings().stream()
                .filter(routing -> routing.source().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void put(String name, String timeout) {
        var body =
                "{\"spec\":{\"hosts\":[\"%s\"],\"http\":[{\"timeout\":\"%s\",\"route\":[{\"destination\":{\"host\":\"%s\"}}]}]}}"
                        .formatted(name, timeout, name);
        store.commit(Batch.of(new Change.Put(key(name), Manifest.of(Map.of(), Map.of(), body), Guard.any())));
    }
}
