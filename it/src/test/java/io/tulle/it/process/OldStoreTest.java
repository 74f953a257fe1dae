package io.tulle.it.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.control.store.Batch;
import io.tulle.control.store.Change;
import io.tulle.control.store.Database;
import io.tulle.control.store.EmbeddedStore;
import io.tulle.control.store.Guard;
import io.tulle.control.store.Manifest;
import io.tulle.control.store.ResourceKey;
import io.tulle.dialects.reader.Json;
import io.tulle.dialects.reader.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store that an older version wrote, with documents that this version does not accept any more. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
final class OldStoreTest {
    private static final String SERVER = "require('http').createServer((q, r) => r.end('well')).listen(4000)";

    @TempDir
    private Path folder;

    private TulleHome tulle;

    @BeforeEach
    void start() throws Exception {
        tulle = new TulleHome(folder);
        var state = Files.createDirectories(tulle.mesh("default").resolve("state"));
        try (var database = Database.open(state.resolve("resources.db"));
                var store = new EmbeddedStore(database, Clock.systemUTC(), new SecureRandom())) {
            put(store, "VirtualService", "unreadable", "{hosts: [web], http: [{timeout: never}]}");
            put(
                    store,
                    "VirtualService",
                    "unplannable",
                    "{hosts: [web], http: [{match: [{headers: {'': {exact: x}}}], route: [{destination: {host: web}}]}]}");
            put(store, "PeerAuthentication", "sound", "{mtls: {mode: STRICT}}");
        }
        tulle.control();
    }

    @AfterEach
    void stop() {
        tulle.close();
    }

    private static void put(EmbeddedStore store, String kind, String name, String spec) {
        var group = kind.equals("PeerAuthentication") ? "security.istio.io" : "networking.istio.io";
        var document = Json.compact(
                new Reader().yaml("old", "spec: " + spec).documents().getFirst());
        store.commit(Batch.of(new Change.Put(
                new ResourceKey(group, kind, "default", name),
                Manifest.of(Map.of(), Map.of(), document),
                Guard.any())));
    }

    @Test
    void thoseDocumentsAloneAreLeftOutAndNamedAndTheNextChangeArrives() throws Exception {
        var run = tulle.start("run", "web", "--expose", "4000/http", "--", "node", "-e", SERVER);
        TulleHome.awaitLine(run, "is in the mesh");

        var ps = tulle.run("ps").text();
        var check = tulle.run("check");
        var stored = tulle.run("get", "vs", "-o", "yaml").text();

        for (var name : new String[] {"unreadable", "unplannable"}) {
            assertTrue(ps.contains("not in force: ") && ps.contains(name), ps);
            assertTrue(check.exit() == 1 && check.text().contains(name), check::text);
        }
        assertTrue(stored.contains("reason: LeftOut"), stored);
        assertTrue(!ps.contains("sound"), ps);

        var next = Files.writeString(folder.resolve("next.yaml"), """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: next}
                spec: {hosts: [other], http: [{route: [{destination: {host: web}}]}]}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: other}
                spec: {ports: [{port: 80, name: http}]}
                """);
        var applied = tulle.run("apply", "-f", next.toString(), "--wait");
        assertEquals(0, applied.exit(), applied::text);
        assertTrue(tulle.run("ps").text().contains("in sync"), "and every proxy has it");
    }
}
