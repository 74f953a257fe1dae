package io.tulle.control.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.control.store.Position;
import io.tulle.control.store.StoreCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiTest {
    private static final String MAPS = "/api/v1/namespaces/shop/configmaps";
    private static final String APPLY = "/apis/tulle.io/v1/apply";

    @TempDir
    Path folder;

    private TestApi api;

    @BeforeEach
    void start() throws Exception {
        api = TestApi.start(
                folder,
                revision -> revision == 1
                        ? Optional.of(new Rollouts.Progress(
                                1, 2, 1, 1, List.of(new Rollouts.Pending("cart-3", true, "no such subset"))))
                        : Optional.empty());
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void createsReadsReplacesAndDeletes() throws Exception {
        var created = api.post(MAPS, map("a", "1"));
        assertEquals(201, created.status());
        assertEquals(
                "1", created.json().path("metadata").path("resourceVersion").asText());
        assertEquals(409, api.post(MAPS, map("a", "1")).status());
        var read = api.get(MAPS + "/a");
        assertEquals(created.json(), read.json());
        var replaced = api.ask(
                "PUT", MAPS + "/a", "application/json", read.json().toString().replace("\"1\"}", "\"2\"}"));
        assertEquals(200, replaced.status());
        assertEquals("2", replaced.json().path("data").path("k").asText());
        var stale = api.ask("PUT", MAPS + "/a", "application/json", read.json().toString());
        assertEquals(409, stale.status());
        assertEquals("TUL1325", stale.code());
        assertEquals(
                404,
                api.ask("PUT", MAPS + "/b", "application/json", map("b", "1")).status());
        assertEquals(
                "Success",
                api.ask("DELETE", MAPS + "/a", "", "").json().path("status").asText());
        assertEquals(404, api.get(MAPS + "/a").status());
        assertEquals("TUL1323", api.get(MAPS + "/a").code());
    }

    @Test
    void listsInPagesThatShowOneMoment() throws Exception {
        for (var name : List.of("a", "b", "c")) api.post(MAPS, map(name, "1"));
        var first = api.get(MAPS + "?limit=2").json();
        assertEquals(2, first.path("items").size());
        api.ask("DELETE", MAPS + "/c", "", "");
        var token = first.path("metadata").path("continue").asText();
        var second = api.get("/api/v1/configmaps?limit=2&continue=" + token).json();
        assertEquals(
                "c", second.path("items").path(0).path("metadata").path("name").asText());
        assertTrue(second.path("metadata").path("continue").isMissingNode());
        assertEquals("3", second.path("metadata").path("resourceVersion").asText());
    }

    @Test
    void selectsByLabelAndByName() throws Exception {
        api.post(MAPS, map("a", "1").replace("\"name\"", "\"labels\":{\"app\":\"cart\",\"v\":\"2\"},\"name\""));
        api.post(MAPS, map("b", "1"));
        for (var selector : List.of("app%3Dcart", "app%20in%20(cart,web),v!%3D1", "app", "app%20notin%20(web),v")) {
            assertEquals(
                    1,
                    api.get(MAPS + "?labelSelector=" + selector)
                            .json()
                            .path("items")
                            .size(),
                    selector);
        }
        for (var selector : List.of("!app", "app!%3Dcart")) {
            var items = api.get(MAPS + "?labelSelector=" + selector).json().path("items");
            assertEquals("b", items.path(0).path("metadata").path("name").asText(), selector);
        }
        assertEquals(
                1,
                api.get(MAPS + "?fieldSelector=metadata.name%3Db")
                        .json()
                        .path("items")
                        .size());
    }

    @Test
    void statusIsASubresourceThatMakesNoRevision() throws Exception {
        api.post(MAPS, map("a", "1"));
        var status = "{\"status\":{\"ready\":true}}";
        assertEquals(
                200,
                api.ask("PATCH", MAPS + "/a/status", "application/merge-patch+json", status)
                        .status());
        assertEquals(new Position(2, 1), api.store.position());
        assertTrue(api.get(MAPS + "/a").json().path("status").path("ready").asBoolean());
        api.ask(
                "PATCH",
                MAPS + "/a",
                "application/merge-patch+json",
                "{\"status\":{\"ready\":false},\"data\":{\"k\":\"2\"}}");
        assertTrue(api.get(MAPS + "/a").json().path("status").path("ready").asBoolean());
        assertEquals(new Position(3, 2), api.store.position());
    }

    @Test
    void severalResourcesAreOneRevision() throws Exception {
        var answer = api.post(APPLY, "{\"resources\":[" + map("a", "1") + "," + map("b", "1") + "]}");
        assertEquals(200, answer.status(), answer.response().body());
        assertEquals(1, answer.json().path("revision").asInt());
        assertEquals(
                "created", answer.json().path("results").path(1).path("result").asText());
        var next = api.post(
                APPLY,
                "{\"expectedRevision\":1,\"resources\":[" + map("a", "1") + "," + map("c", "1") + "],\"deletions\":["
                        + map("b", "") + "," + map("never", "") + "]}");
        assertEquals(2, next.json().path("revision").asInt());
        var results = next.json().path("results").findValuesAsText("result");
        assertEquals(List.of("unchanged", "created", "deleted"), results);
        var late = api.post(APPLY, "{\"expectedRevision\":1,\"resources\":[" + map("a", "9") + "]}");
        assertEquals(409, late.status());
        assertEquals("1", api.get(MAPS + "/a").json().path("data").path("k").asText());
    }

    @Test
    void oneRefusedResourceRefusesAll() throws Exception {
        var answer = api.post(APPLY, "{\"resources\":[" + map("a", "1") + "," + map("b", "refuse") + "]}");
        assertEquals(422, answer.status());
        var causes = answer.json().path("details").path("causes").findValuesAsText("reason");
        assertEquals(List.of("TUL1299", "TUL1298"), causes);
        assertEquals(404, api.get(MAPS + "/a").status());
    }

    @Test
    void aDryRunShowsBothSidesAndWritesNothing() throws Exception {
        api.post(MAPS, map("a", "1"));
        var answer = api.post(APPLY, "{\"dryRun\":true,\"resources\":[" + map("a", "2") + "]}")
                .json();
        var result = answer.path("results").path(0);
        assertEquals("1", result.path("before").path("data").path("k").asText());
        assertEquals("2", result.path("after").path("data").path("k").asText());
        assertEquals(1, answer.path("revision").asInt());
        assertEquals(201, api.post(MAPS + "?dryRun=All", map("b", "1")).status());
        assertEquals(
                200,
                api.ask("DELETE", MAPS + "/a", "application/json", "{\"dryRun\":[\"All\"]}")
                        .status());
        assertEquals(new Position(1, 1), api.store.position());
    }

    @Test
    void patchesThatMeetAreAllMade() throws Exception {
        api.post(MAPS, map("a", "1"));
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var patches = IntStream.range(0, 8)
                    .mapToObj(i -> clients.submit(() -> api.ask(
                                    "PATCH",
                                    MAPS + "/a",
                                    "application/merge-patch+json",
                                    "{\"data\":{\"k" + i + "\":\"x\"}}")
                            .status()))
                    .toList();
            for (var patch : patches) assertEquals(200, patch.get());
        }
        assertEquals(9, api.get(MAPS + "/a").json().path("data").size());
    }

    @Test
    void warningsTravelInTheHeaderThatKubectlPrints() throws Exception {
        var answer = api.post(MAPS, map("a", "warn"));
        var warning = answer.response().headers().firstValue("warning").orElse("");
        assertTrue(warning.startsWith("299 - \"TUL1297 odd \\\"") && warning.contains("Look."), warning);
        var owned = map("b", "1").replace("\"name\"", "\"finalizers\":[\"x/y\"],\"name\"");
        warning =
                api.post(MAPS, owned).response().headers().firstValue("warning").orElse("");
        assertTrue(warning.contains("metadata.finalizers is not acted on"), warning);
        var quiet = api.post(MAPS + "?fieldValidation=Ignore", map("c", "warn"));
        assertTrue(quiet.response().headers().firstValue("warning").isEmpty());
    }

    @Test
    void aFullDiskRefusesWritesByCodeAndReadsGoOn() throws Exception {
        api.post(MAPS, map("a", "1"));
        pages(20);
        var refused = api.post(MAPS, map("b", "x".repeat(200_000)));
        assertEquals(507, refused.status());
        assertEquals(StoreCode.FULL.code(), refused.code());
        assertEquals(200, api.get(MAPS + "/a").status());
        pages(100_000);
        assertEquals(201, api.post(MAPS, map("b", "x".repeat(200_000))).status());
    }

    @Test
    void tellsHowFarARevisionHasCome() throws Exception {
        var rollout = api.get("/apis/tulle.io/v1/rollout?revision=1").json();
        assertEquals(1, rollout.path("done").asInt());
        assertEquals(1, rollout.path("told").asInt());
        assertEquals("cart-3", rollout.path("pending").path(0).path("proxy").asText());
        assertEquals(404, api.get("/apis/tulle.io/v1/rollout?revision=7").status());
    }

    @Test
    void aHeadAnswersAsAGetWithoutABody() throws Exception {
        var head = api.ask("HEAD", "/version", "", "");
        assertEquals(200, head.status());
        assertEquals("", head.response().body());
    }

    static String map(String name, String value) {
        return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"" + name
                + "\",\"namespace\":\"shop\"},\"data\":{\"k\":\"" + value + "\"}}";
    }

    private void pages(int most) {
        api.database.write(connection -> {
            try (var statement = connection.createStatement()) {
                return statement.execute("PRAGMA max_page_count = " + most);
            }
        });
    }
}
