package io.tulle.control.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.world.LabelSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The laws of {@link ResourceStore}: every implementation has a test class that extends this one. */
abstract class ResourceStoreContract {
    private static final KindKey CONFIG_MAP = new KindKey("", "ConfigMap");
    private static final KindKey ROUTE = new KindKey("gateway.networking.k8s.io", "HTTPRoute");
    static final int REMEMBERED = 20;

    private ResourceStore store;

    /** An empty store that remembers {@value #REMEMBERED} versions. */
    abstract ResourceStore fresh() throws Exception;

    abstract void dispose() throws Exception;

    @BeforeEach
    void open() throws Exception {
        store = fresh();
    }

    @AfterEach
    void close() throws Exception {
        dispose();
    }

    @Test
    void aBatchOfSeveralResourcesIsOneRevision() {
        var done = done(Batch.of(put("a", "1"), put("b", "1"), put("c", "1")));
        assertEquals(new Position(1, 1), done.at());
        assertEquals(3, done.effects().size());
        assertEquals(done.at(), store.position());
        for (var name : List.of("a", "b", "c")) {
            assertEquals(1, found(name).version());
        }
    }

    @Test
    void aNewResourceHasItsOwnUidGenerationOneAndNoStatus() {
        done(Batch.of(put("a", "1"), put("b", "1")));
        assertEquals(1, found("a").generation());
        assertEquals("", found("a").status());
        assertNotEquals(found("a").uid(), found("b").uid());
        assertEquals(4, UUID.fromString(found("a").uid()).version());
    }

    @Test
    void aChangedBodyIsANewGenerationAndAChangedLabelIsNot() {
        done(Batch.of(put("a", "1")));
        done(Batch.of(put("a", "2")));
        assertEquals(2, found("a").generation());
        done(Batch.of(labelled("a", "2", Map.of("app", "cart"))));
        assertEquals(2, found("a").generation());
        assertEquals(3, found("a").revision());
    }

    @Test
    void theSameContentMakesNoStep() {
        done(Batch.of(put("a", "1")));
        var again = done(Batch.of(put("a", "1")));
        assertEquals(new Position(1, 1), again.at());
        assertInstanceOf(Effect.Unchanged.class, again.effects().getFirst());
    }

    @Test
    void statusMakesAVersionButNeitherGenerationNorRevision() {
        done(Batch.of(put("a", "1")));
        var done = done(Batch.of(new Change.Report(key("a"), "{\"ok\":true}", Guard.any())));
        assertEquals(new Position(2, 1), done.at());
        var changed = assertInstanceOf(Effect.Changed.class, done.effects().getFirst());
        assertFalse(changed.declared());
        assertEquals(2, found("a").version());
        assertEquals(1, found("a").revision());
        assertEquals(1, found("a").generation());
        done(Batch.of(put("a", "2")));
        assertEquals("{\"ok\":true}", found("a").status(), "a new declaration keeps the status");
    }

    @Test
    void oneConflictRefusesTheWholeBatchAndEveryConflictIsNamed() {
        done(Batch.of(put("a", "1")));
        var refused = refused(Batch.of(
                put("b", "1"),
                new Change.Put(key("a"), manifest("2"), Guard.absent()),
                new Change.Delete(key("z"), Guard.any())));
        assertEquals(
                List.of(new Commit.Conflict.Exists(key("a")), new Commit.Conflict.Missing(key("z"))),
                refused.conflicts());
        assertTrue(store.find(key("b")).isEmpty());
        assertEquals(new Position(1, 1), store.position());
    }

    @Test
    void whoReadAnOldVersionMayNotWrite() {
        done(Batch.of(put("a", "1")));
        done(Batch.of(put("a", "2")));
        var refused = refused(Batch.of(new Change.Put(key("a"), manifest("3"), Guard.at(1))));
        assertEquals(List.of(new Commit.Conflict.Stale(key("a"), 1, 2)), refused.conflicts());
        done(Batch.of(new Change.Put(key("a"), manifest("3"), Guard.at(2))));
    }

    @Test
    void whoReadAnEarlierLifeMayNotWrite() {
        done(Batch.of(put("a", "1")));
        var uid = found("a").uid();
        done(Batch.of(new Change.Delete(key("a"), Guard.any())));
        done(Batch.of(put("a", "1")));
        var guard = Guard.present().sameUid(uid);
        var conflict = refused(Batch.of(new Change.Delete(key("a"), guard)))
                .conflicts()
                .getFirst();
        assertInstanceOf(Commit.Conflict.Reborn.class, conflict);
        assertEquals(1, found("a").generation());
    }

    @Test
    void aBatchMayDemandTheRevisionItWasPlannedAt() {
        done(Batch.of(put("a", "1")));
        done(Batch.of(new Change.Report(key("a"), "{}", Guard.any())));
        done(Batch.of(put("b", "1")).onlyAt(1));
        var refused = refused(Batch.of(put("c", "1")).onlyAt(1));
        assertEquals(List.of(new Commit.Conflict.Moved(1, 2)), refused.conflicts());
    }

    @Test
    void statusOfWhatIsNotThereIsRefused() {
        var refused = refused(Batch.of(new Change.Report(key("a"), "{}", Guard.any())));
        assertEquals(List.of(new Commit.Conflict.Missing(key("a"))), refused.conflicts());
    }

    @Test
    void oneResourceCannotBeChangedTwiceInABatch() {
        assertThrows(IllegalArgumentException.class, () -> Batch.of(put("a", "1"), put("a", "2")));
    }

    @Test
    void aRehearsalAnswersAsTheCommitWouldAndWritesNothing() {
        done(Batch.of(put("a", "1")));
        var rehearsed = assertInstanceOf(Commit.Done.class, store.rehearse(Batch.of(put("a", "2"), put("b", "1"))));
        assertEquals(new Position(2, 2), rehearsed.at());
        assertEquals(new Position(1, 1), store.position());
        assertTrue(store.find(key("b")).isEmpty());
        assertInstanceOf(History.Steps.class, store.after(1, 10));
        assertEquals(List.of(), steps(1, 10).effects());
    }

    @Test
    void aListIsSortedAndSelectsByKindNamespaceNameAndLabel() {
        done(Batch.of(
                labelled("b", "1", Map.of("app", "cart", "version", "v2")),
                labelled("a", "1", Map.of("app", "cart")),
                new Change.Put(new ResourceKey("", "ConfigMap", "other", "a"), manifest("1"), Guard.any()),
                new Change.Put(new ResourceKey(ROUTE.group(), ROUTE.kind(), "shop", "a"), manifest("1"), Guard.any())));
        assertEquals(List.of("other/a", "shop/a", "shop/b"), names(Query.of(CONFIG_MAP)));
        assertEquals(List.of("shop/a", "shop/b"), names(Query.of(CONFIG_MAP).in("shop")));
        assertEquals(List.of("shop/a"), names(Query.of(ROUTE)));
        assertEquals(List.of("other/a", "shop/a"), names(Query.of(CONFIG_MAP).named("a")));
        assertEquals(4, names(Query.everything()).size());
        var v2 = new LabelSelector(List.of(new LabelSelector.Requirement.In("version", Set.of("v2"))));
        assertEquals(List.of("shop/b"), names(Query.everything().where(v2)));
        var notV2 = new LabelSelector(List.of(new LabelSelector.Requirement.NotIn("version", Set.of("v2"))));
        assertEquals(List.of("shop/a"), names(Query.of(CONFIG_MAP).in("shop").where(notV2)));
    }

    @Test
    void thePagesOfAListShowOneMoment() {
        done(Batch.of(put("a", "1"), put("b", "1"), put("c", "1")));
        var first = page(Page.first(2));
        assertEquals(2, first.resources().size());
        done(Batch.of(put("bb", "1"), new Change.Delete(key("c"), Guard.any())));
        var second = page(new Page(2, first.next(), first.at().version()));
        assertEquals(
                List.of("c"),
                second.resources().stream().map(r -> r.key().name()).toList());
        assertEquals("", second.next());
    }

    @Test
    void aForgottenMomentIsGone() {
        done(Batch.of(put("a", "1")));
        for (int i = 0; i < REMEMBERED + 2; i++) done(Batch.of(put("a", "x" + i)));
        assertInstanceOf(Listing.Gone.class, store.list(Query.everything(), new Page(1, "", 1)));
        assertInstanceOf(History.Gone.class, store.after(1, 10));
        assertEquals(
                REMEMBERED,
                steps(store.position().version() - REMEMBERED, 100).effects().size());
    }

    @Test
    void aVersionThatTheStoreNeverHadIsAhead() {
        assertEquals(new History.Ahead(0), store.after(7, 10));
    }

    @Test
    void historyTellsEveryStepInOrderAndNeverCutsACommit() {
        done(Batch.of(put("a", "1"), put("b", "1"), put("c", "1")));
        done(Batch.of(put("b", "2")));
        done(Batch.of(new Change.Delete(key("a"), Guard.any())));
        done(Batch.of(put("a", "9")));
        var first = steps(0, 2);
        assertEquals(3, first.effects().size());
        assertEquals(1, first.upTo());
        var rest = steps(1, 100);
        var changed = assertInstanceOf(Effect.Changed.class, rest.effects().get(0));
        assertEquals("\"1\"", changed.before().manifest().body());
        assertEquals("\"2\"", changed.resource().manifest().body());
        var deleted = assertInstanceOf(Effect.Deleted.class, rest.effects().get(1));
        assertEquals(3, deleted.resource().version());
        assertInstanceOf(Effect.Created.class, rest.effects().get(2));
        assertEquals(new History.Steps(List.of(), 4), store.after(4, 10));
    }

    @Test
    void whoWatchesALabelSeesEnteringAsCreationAndLeavingAsDeletion() {
        var cart = new LabelSelector(List.of(new LabelSelector.Requirement.In("app", Set.of("cart"))));
        var query = Query.of(CONFIG_MAP).where(cart);
        done(Batch.of(put("a", "1")));
        done(Batch.of(labelled("a", "1", Map.of("app", "cart"))));
        done(Batch.of(labelled("a", "2", Map.of("app", "cart"))));
        done(Batch.of(put("a", "3")));
        var seen = steps(0, 10).effects().stream()
                .flatMap(effect -> effect.seenBy(query).stream())
                .map(effect -> effect.getClass().getSimpleName())
                .toList();
        assertEquals(List.of("Created", "Changed", "Deleted"), seen);
    }

    @Test
    void aWatcherIsWokenByEachStepAndByNothingElse() {
        var woken = new AtomicInteger();
        try (var _ = store.onCommit(woken::incrementAndGet)) {
            done(Batch.of(put("a", "1")));
            done(Batch.of(put("a", "1")));
            store.rehearse(Batch.of(put("a", "2")));
            assertEquals(1, woken.get());
        }
        done(Batch.of(put("a", "3")));
        assertEquals(1, woken.get());
    }

    @Test
    void ofManyWritersWithOneVersionExactlyOneWins() throws InterruptedException, ExecutionException {
        done(Batch.of(put("a", "0")));
        try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
            var attempts = IntStream.range(0, 16)
                    .mapToObj(i -> writers.submit(
                            () -> store.commit(Batch.of(new Change.Put(key("a"), manifest("w" + i), Guard.at(1))))))
                    .toList();
            var wins = 0;
            for (var attempt : attempts) if (attempt.get() instanceof Commit.Done) wins++;
            assertEquals(1, wins);
        }
        assertEquals(new Position(2, 2), store.position());
    }

    @Test
    void readersSeeWholeCommitsWhileWritersWrite() throws InterruptedException, ExecutionException {
        done(Batch.of(put("a", "0"), put("b", "0")));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var writer = threads.submit(() -> {
                for (int i = 1; i < 50; i++) done(Batch.of(put("a", "" + i), put("b", "" + i)));
                return true;
            });
            var torn = new ArrayList<String>();
            while (!writer.isDone()) {
                var bodies = store.list(Query.everything()).resources().stream()
                        .map(r -> r.manifest().body())
                        .toList();
                if (!bodies.get(0).equals(bodies.get(1))) torn.add(bodies.toString());
            }
            assertTrue(writer.get());
            assertEquals(List.of(), torn);
        }
    }

    static ResourceKey key(String name) {
        return new ResourceKey("", "ConfigMap", "shop", name);
    }

    static Manifest manifest(String body) {
        return Manifest.of(Map.of(), Map.of(), "\"" + body + "\"");
    }

    static Change put(String name, String body) {
        return new Change.Put(key(name), manifest(body), Guard.any());
    }

    private static Change labelled(String name, String body, Map<String, String> labels) {
        return new Change.Put(key(name), Manifest.of(labels, Map.of(), "\"" + body + "\""), Guard.any());
    }

    private Resource found(String name) {
        return store.find(key(name)).orElseThrow();
    }

    private Commit.Done done(Batch batch) {
        return assertInstanceOf(Commit.Done.class, store.commit(batch));
    }

    private Commit.Refused refused(Batch batch) {
        return assertInstanceOf(Commit.Refused.class, store.commit(batch));
    }

    private History.Steps steps(long version, int limit) {
        return assertInstanceOf(History.Steps.class, store.after(version, limit));
    }

    private Listing.Found page(Page page) {
        return assertInstanceOf(Listing.Found.class, store.list(Query.of(CONFIG_MAP), page));
    }

    private List<String> names(Query query) {
        return store.list(query).resources().stream()
                .map(r -> r.key().namespace() + "/" + r.key().name())
                .toList();
    }
}
