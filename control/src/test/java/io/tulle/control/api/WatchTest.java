package io.tulle.control.api;

import static io.tulle.control.api.ApiTest.map;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tulle.control.store.Batch;
import io.tulle.control.store.Change;
import io.tulle.control.store.Guard;
import io.tulle.control.store.Json;
import io.tulle.control.store.ResourceKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchTest {
    private static final String MAPS = "/api/v1/namespaces/shop/configmaps";
    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

    @TempDir
    Path folder;

    private TestApi api;

    @BeforeEach
    void start() throws Exception {
        api = TestApi.start(folder);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void beginsWithWhatIsThereAndGoesOnWithWhatHappens() throws Exception {
        api.post(MAPS, map("a", "1"));
        try (var watch = watch("?watch=true", "")) {
            expect(watch, "ADDED", "a");
            api.post(MAPS, map("b", "1"));
            expect(watch, "ADDED", "b");
            api.ask("PATCH", MAPS + "/a", "application/merge-patch+json", "{\"data\":{\"k\":\"2\"}}");
            expect(watch, "MODIFIED", "a");
            api.ask("DELETE", MAPS + "/b", "", "");
            var deleted = expect(watch, "DELETED", "b");
            assertEquals("4", deleted.path("metadata").path("resourceVersion").asText());
        }
    }

    @Test
    void beginsAfterAVersionAndSkipsWhatTheSelectorDoesNotSee() throws Exception {
        api.post(MAPS, map("a", "1"));
        api.post(MAPS, map("b", "1"));
        api.post("/api/v1/namespaces/other/configmaps", map("x", "1").replace("shop", "other"));
        api.ask("PATCH", MAPS + "/a", "application/merge-patch+json", "{\"metadata\":{\"labels\":{\"app\":\"cart\"}}}");
        api.ask("PATCH", MAPS + "/a", "application/merge-patch+json", "{\"metadata\":{\"labels\":{\"app\":null}}}");
        try (var watch = watch("?watch=1&resourceVersion=1&labelSelector=app", "")) {
            expect(watch, "ADDED", "a");
            expect(watch, "DELETED", "a");
        }
        try (var watch = watch("?watch=1&resourceVersion=1&fieldSelector=metadata.name%3Db", "")) {
            expect(watch, "ADDED", "b");
        }
    }

    @Test
    void showsTablesAndTheEndOfTheBeginning() throws Exception {
        api.post(MAPS, map("a", "1"));
        var query = "?watch=true&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan";
        try (var watch = watch(query, TABLE)) {
            var added = Json.parse(watch.readLine().getBytes(StandardCharsets.UTF_8));
            assertEquals("Table", added.path("object").path("kind").asText());
            assertEquals(
                    "a",
                    added.path("object")
                            .path("rows")
                            .path(0)
                            .path("cells")
                            .path(0)
                            .asText());
            var mark = Json.parse(watch.readLine().getBytes(StandardCharsets.UTF_8));
            assertEquals("BOOKMARK", mark.path("type").asText());
            assertTrue(mark.toString().contains("k8s.io/initial-events-end"));
        }
    }

    @Test
    void endsAtItsTimeout() throws Exception {
        try (var watch = watch("?watch=true&timeoutSeconds=1", "")) {
            assertEquals(null, watch.readLine());
        }
    }

    @Test
    void endsWhenTheServerStops() throws Exception {
        try (var watch = watch("?watch=true", "")) {
            api.close();
            assertEquals(null, watch.readLine());
        } finally {
            api = TestApi.start(folder);
        }
    }

    @Test
    void aForgottenVersionIsGoneAndAForeignOneTooLarge() throws Exception {
        for (int i = 0; i < TestApi.REMEMBERED + 2; i++) {
            var patch = map("a", "" + i);
            if (i == 0) api.post(MAPS, patch);
            else touch(i);
        }
        var gone = api.get(MAPS + "?watch=true&resourceVersion=1");
        assertEquals(410, gone.status());
        assertEquals("Expired", gone.json().path("reason").asText());
        assertEquals(504, api.get(MAPS + "?watch=true&resourceVersion=99999999").status());
    }

    private void touch(int i) {
        var key = new ResourceKey("", "ConfigMap", "shop", "a");
        var status = new Change.Report(key, "{\"n\":" + i + "}", Guard.any());
        api.store.commit(Batch.of(status));
    }

    private BufferedReader watch(String query, String accept) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(api.plain(MAPS + query));
        if (!accept.isEmpty()) request.header("Accept", accept);
        var response = api.client().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        assertEquals(200, response.statusCode());
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    private static JsonNode expect(BufferedReader watch, String type, String name) throws IOException {
        var event = Json.parse(watch.readLine().getBytes(StandardCharsets.UTF_8));
        assertEquals(type, event.path("type").asText(), event.toString());
        assertEquals(name, event.path("object").path("metadata").path("name").asText(), event.toString());
        return event.path("object");
    }
}
