package io.tulle.control.api;

import static io.tulle.control.api.ApiTest.map;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a hostile or broken client sends is refused with a code, changes nothing, and the next request is served. */
class HostileApiTest {
    private static final String MAPS = "/api/v1/namespaces/shop/configmaps";
    private static final String ROUTES = "/apis/gateway.networking.k8s.io/v1/namespaces/shop/httproutes";
    private static final String APPLY = "/apis/tulle.io/v1/apply";
    private static final String JSON = "application/json";
    private static final String JSON_PATCH = "application/json-patch+json";
    private static final String MERGE = "application/merge-patch+json";

    @TempDir
    static Path folder;

    private static TestApi api;

    @BeforeAll
    static void start() throws Exception {
        api = TestApi.start(folder);
        assertEquals(201, api.post(MAPS, map("good", "1")).status());
        var route =
                "{\"apiVersion\":\"gateway.networking.k8s.io/v1\",\"kind\":\"HTTPRoute\",\"metadata\":{\"name\":\"r\"}}";
        assertEquals(201, api.post(ROUTES, route).status());
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    /** @param source where the expectation comes from */
    record Case(String name, String method, String path, String type, String body, String code, String source) {
        @Override
        public String toString() {
            return name + " (" + source + ")";
        }
    }

    static Stream<Case> cases() {
        return Stream.of(bodies(), documents(), patches(), parameters(), paths(), batches())
                .flatMap(s -> s);
    }

    private static Stream<Case> bodies() {
        return Stream.of(
                post("cut off", "{\"apiVersion\":", "TUL1320", "RFC 8259"),
                post("empty", "", "TUL1320", "RFC 8259"),
                post("not an object", "[1]", "TUL1320", "API conventions"),
                post("two values", map("x", "1") + " {}", "TUL1320", "RFC 8259"),
                post(
                        "a key twice",
                        map("x", "1").replace("{\"k\"", "{\"k\":\"0\",\"k\""),
                        "TUL1320",
                        "fieldValidation=Strict"),
                post(
                        "a key twice by escape",
                        map("x", "1").replace("{\"k\"", "{\"\\u006b\":\"0\",\"k\""),
                        "TUL1320",
                        "RFC 8259 s7"),
                post("too deep", "[".repeat(100_000), "TUL1320", "CVE-2019-11253's kind"),
                post("deep objects", "{\"a\":".repeat(65) + "1" + "}".repeat(65), "TUL1320", "CVE-2019-11253's kind"),
                post(
                        "a number of 200 digits",
                        map("x", "1").replace("\"1\"", "1".repeat(200)),
                        "TUL1320",
                        "StreamReadConstraints"),
                post("NaN", "{\"a\":NaN}", "TUL1320", "RFC 8259 s6"),
                post("a comment", "{/**/}", "TUL1320", "RFC 8259"),
                post("single quotes", "{'a':1}", "TUL1320", "RFC 8259"),
                post("4 MiB", "{\"a\":\"" + "x".repeat(4 << 20) + "\"}", "TUL1321", "kube-apiserver limit"));
    }

    private static Stream<Case> documents() {
        return Stream.of(
                new Case(
                        "protobuf",
                        "POST",
                        MAPS,
                        "application/vnd.kubernetes.protobuf",
                        "k8s\0",
                        "TUL1331",
                        "kubectl create"),
                new Case("YAML", "POST", MAPS, "application/yaml", "a: b", "TUL1331", "API conventions"),
                post("another kind", map("x", "1").replace("ConfigMap", "Secret"), "TUL1327", "apimachinery"),
                post("no kind", "{\"metadata\":{\"name\":\"x\"}}", "TUL1327", "apimachinery"),
                post("another namespace", map("x", "1").replace("shop", "other"), "TUL1327", "apimachinery"),
                post(
                        "metadata is a text",
                        map("x", "1").replaceAll("\"metadata\":\\{.*?}", "\"metadata\":\"x\""),
                        "TUL1326",
                        "ObjectMeta"),
                post("name is a number", map("x", "1").replace("\"x\"", "7"), "TUL1326", "ObjectMeta"),
                post("a name that climbs", map("../../etc", "1"), "TUL1328", "RFC 1123"),
                post("an upper-case name", map("Web", "1"), "TUL1328", "RFC 1123"),
                post("a name with a line break", map("a\\nb", "1"), "TUL1328", "RFC 1123"),
                post("a name of 254", map("a".repeat(254), "1"), "TUL1328", "RFC 1123"),
                post("no name", map("", "1"), "TUL1328", "RFC 1123"),
                post(
                        "a generated name",
                        map("x", "1").replace("\"name\"", "\"generateName\":\"y-\",\"name\""),
                        "TUL1346",
                        "ObjectMeta"),
                post("a label value with a space", labelled("a b"), "TUL1328", "labels"),
                post("a label value of 64", labelled("a".repeat(64)), "TUL1328", "labels"),
                post("a label that is a number", labelled("a").replace("\"a\"}", "5}"), "TUL1326", "labels"),
                post(
                        "an annotation of 300 KiB",
                        labelled("x".repeat(300 << 10)).replace("labels", "annotations"),
                        "TUL1326",
                        "totalAnnotationSizeLimitB"),
                post(
                        "a version on a create",
                        map("x", "1").replace("\"name\"", "\"resourceVersion\":\"5\",\"name\""),
                        "TUL1326",
                        "apiserver registry"),
                new Case(
                        "a version that is none",
                        "PUT",
                        MAPS + "/good",
                        JSON,
                        map("good", "2").replace("\"name\"", "\"resourceVersion\":\"-1\",\"name\""),
                        "TUL1326",
                        "apiserver registry"),
                new Case("another name", "PUT", MAPS + "/good", JSON, map("x", "1"), "TUL1327", "apimachinery"),
                new Case(
                        "another life",
                        "PUT",
                        MAPS + "/good",
                        JSON,
                        map("good", "2").replace("\"name\"", "\"uid\":\"0\",\"name\""),
                        "TUL1325",
                        "Preconditions"));
    }

    private static Stream<Case> patches() {
        return Stream.of(
                patch("server-side apply", "application/apply-patch+yaml", "a: b", "TUL1332", "issue 3"),
                patch("no patch type", "text/plain", "{}", "TUL1331", "API conventions"),
                new Case(
                        "strategic merge of a custom kind",
                        "PATCH",
                        ROUTES + "/r",
                        "application/strategic-merge-patch+json",
                        "{}",
                        "TUL1331",
                        "apiextensions"),
                patch("merge patch is an array", MERGE, "[]", "TUL1320", "RFC 7396"),
                patch("renames", MERGE, "{\"metadata\":{\"name\":\"x\"}}", "TUL1327", "apimachinery"),
                patch("removes metadata", MERGE, "{\"metadata\":null}", "TUL1326", "RFC 7396"),
                patch("JSON patch is an object", JSON_PATCH, "{}", "TUL1335", "RFC 6902"),
                patch(
                        "removes what is not there",
                        JSON_PATCH,
                        "[{\"op\":\"remove\",\"path\":\"/data/none\"}]",
                        "TUL1335",
                        "RFC 6902 s4.2"),
                patch(
                        "a failed test",
                        JSON_PATCH,
                        "[{\"op\":\"test\",\"path\":\"/data/k\",\"value\":\"0\"}]",
                        "TUL1335",
                        "RFC 6902 s4.6"),
                patch(
                        "moves into itself",
                        JSON_PATCH,
                        "[{\"op\":\"move\",\"from\":\"/data\",\"path\":\"/data/x\"}]",
                        "TUL1335",
                        "RFC 6902 s4.4"),
                patch(
                        "a broken pointer",
                        JSON_PATCH,
                        "[{\"op\":\"add\",\"path\":\"data\",\"value\":1}]",
                        "TUL1335",
                        "RFC 6901"),
                patch(
                        "replaces the whole",
                        JSON_PATCH,
                        "[{\"op\":\"replace\",\"path\":\"\",\"value\":{}}]",
                        "TUL1335",
                        "RFC 6902"),
                patch("a copy bomb", JSON_PATCH, copyBomb(), "TUL1335", "evanphx/json-patch AccumulatedCopySizeLimit"),
                patch("an unknown operation", JSON_PATCH, "[{\"op\":\"boom\",\"path\":\"/a\"}]", "TUL1335", "RFC 6902"),
                patch("grows too deep", JSON_PATCH, deepening(), "TUL1320", "stored documents keep the limit"));
    }

    private static Stream<Case> parameters() {
        return Stream.of(
                read("dryRun of a create", "POST", MAPS + "?dryRun=Some", "TUL1330"),
                read("fieldValidation", "POST", MAPS + "?fieldValidation=Maybe", "TUL1330"),
                read("a negative limit", "GET", MAPS + "?limit=-1", "TUL1330"),
                read("a limit past 64 bits", "GET", MAPS + "?limit=99999999999999999999", "TUL1330"),
                read("a foreign token", "GET", MAPS + "?continue=%7Bx%7D", "TUL1330"),
                read("a token that lies", "GET", MAPS + "?continue=OTk5OTkgYQ==", "TUL1336"),
                read("a version that is none", "GET", MAPS + "?watch=true&resourceVersion=abc", "TUL1330"),
                read("an open set", "GET", MAPS + "?labelSelector=a%20in%20(b", "TUL1329"),
                read("no operator", "GET", MAPS + "?labelSelector=a%20b%20(c)", "TUL1329"),
                read("a long selector", "GET", MAPS + "?labelSelector=" + "a,".repeat(4_100), "TUL1329"),
                read("an unknown field", "GET", MAPS + "?fieldSelector=spec.x%3D1", "TUL1329"),
                read("watch is perhaps", "GET", MAPS + "?watch=perhaps", "TUL1330"));
    }

    private static Stream<Case> paths() {
        return Stream.of(
                read("an unknown kind", "GET", "/api/v1/namespaces/shop/pods", "TUL1322"),
                read("an unknown group", "GET", "/apis/evil.example/v1", "TUL1322"),
                read(
                        "an unknown version",
                        "GET",
                        "/apis/networking.istio.io/v9/namespaces/shop/virtualservices",
                        "TUL1322"),
                read("a part of a part", "GET", MAPS + "/good/status/x", "TUL1322"),
                read("an escaped climb", "GET", "/api/v1/namespaces/%2e%2e%2f/configmaps", "TUL1348"),
                read("an escaped zero", "GET", MAPS + "/%00", "TUL1348"),
                read("a namespaced kind without namespace", "POST", "/api/v1/configmaps", "TUL1333"),
                read("a whole collection", "DELETE", MAPS, "TUL1333"),
                read("a cluster kind in a namespace", "GET", "/api/v1/namespaces/shop/namespaces", "TUL1322"),
                read("OPTIONS", "OPTIONS", MAPS, "TUL1333"),
                read("discovery by POST", "POST", "/apis", "TUL1333"));
    }

    private static Stream<Case> batches() {
        var one = map("x", "1");
        return Stream.of(
                apply("the same twice", "{\"resources\":[" + one + "," + one + "]}", "TUL1326"),
                apply("put and deleted", "{\"resources\":[" + one + "],\"deletions\":[" + one + "]}", "TUL1326"),
                apply("an unknown field", "{\"resource\":[]}", "TUL1326"),
                apply("an unknown kind", "{\"resources\":[{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}]}", "TUL1326"),
                apply("a text among resources", "{\"resources\":[\"x\"]}", "TUL1326"),
                apply("resources is an object", "{\"resources\":{}}", "TUL1326"),
                apply("a revision that is a text", "{\"expectedRevision\":\"1\"}", "TUL1326"),
                apply("a revision to come", "{\"expectedRevision\":99,\"resources\":[" + one + "]}", "TUL1325"),
                new Case(
                        "the wrong life to delete",
                        "DELETE",
                        MAPS + "/good",
                        JSON,
                        "{\"preconditions\":{\"uid\":\"0\"}}",
                        "TUL1325",
                        "Preconditions"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isRefusedWithItsCodeAndChangesNothing(Case hostile) throws Exception {
        var before = api.store.position();
        var answer = api.ask(hostile.method(), hostile.path(), hostile.type(), hostile.body());
        assertEquals(hostile.code(), answer.code(), answer.response().body());
        assertTrue(answer.status() >= 400 && answer.status() < 500, "status " + answer.status());
        assertEquals(before, api.store.position());
        aGoodRequestPasses();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GARBAGE\r\n\r\n",
                "GET /version HTTP/1.1\r\n\r\n",
                "POST /api/v1/namespaces/shop/configmaps HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
                "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
                "GET /version HTTP/1.1\r\nHost : localhost\r\n\r\n",
                "\0\0\0\0\0\0\0\0\r\n\r\n"
            })
    void brokenHttpIsNotServed(String request) throws Exception {
        var answer = raw(request.getBytes(StandardCharsets.ISO_8859_1));
        assertFalse(answer.startsWith("HTTP/1.1 2"), answer);
        aGoodRequestPasses();
    }

    @ParameterizedTest
    @ValueSource(ints = {20_000, 1_000_000})
    void aHeaderWithoutEndIsNotRead(int length) throws Exception {
        var answer = raw(("GET /version HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(length) + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        assertFalse(answer.startsWith("HTTP/1.1 2"), answer);
        aGoodRequestPasses();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00ff\u00fe", "\u00c0\u0080", "\u00ed\u00a0\u0080"})
    void whatIsNotUtf8IsRefused(String bytes) throws Exception {
        var body = map("x", bytes).getBytes(StandardCharsets.ISO_8859_1);
        var request = HttpRequest.newBuilder(api.secure(MAPS))
                .header("Authorization", "Bearer " + api.token.token())
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        assertEquals("TUL1320", api.send(request).code());
        aGoodRequestPasses();
    }

    private static void aGoodRequestPasses() throws Exception {
        var good = api.get(MAPS + "/good");
        assertEquals(200, good.status());
        assertEquals("1", good.json().path("data").path("k").asText());
        assertEquals(201, api.post(MAPS + "?dryRun=All", map("fine", "1")).status());
    }

    private static String raw(byte[] request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (SocketException _) {
            return ""; // closed in our face
        }
    }

    private static Case post(String name, String body, String code, String source) {
        return new Case(name, "POST", MAPS, JSON, body, code, source);
    }

    private static Case patch(String name, String type, String body, String code, String source) {
        return new Case(name, "PATCH", MAPS + "/good", type, body, code, source);
    }

    private static Case read(String name, String method, String path, String code) {
        var body = method.equals("POST") ? map("x", "1") : "";
        return new Case(name, method, path, body.isEmpty() ? "" : JSON, body, code, "API conventions");
    }

    private static Case apply(String name, String body, String code) {
        return new Case(name, "POST", APPLY, JSON, body, code, "house");
    }

    private static String labelled(String value) {
        return map("x", "1").replace("\"name\"", "\"labels\":{\"l\":\"" + value + "\"},\"name\"");
    }

    private static String copyBomb() {
        var operations =
                new StringBuilder("[{\"op\":\"add\",\"path\":\"/data/a\",\"value\":[\"" + "x".repeat(1000) + "\"]}");
        for (int i = 0; i < 40; i++)
            operations.append(",{\"op\":\"copy\",\"from\":\"/data/a\",\"path\":\"/data/a/-\"}");
        return operations + "]";
    }

    private static String deepening() {
        var path = new StringBuilder("/data");
        var operations = new StringBuilder("[{\"op\":\"test\",\"path\":\"/kind\",\"value\":\"ConfigMap\"}");
        for (int i = 0; i < 70; i++) {
            path.append("/a");
            operations.append(",{\"op\":\"add\",\"path\":\"" + path + "\",\"value\":{}}");
        }
        return operations + "]";
    }

    /** 350 of them ended a control plane with 384 MB. */
    @Test
    void aReadIsAnsweredThoughItsBodyDoesNotEnd() throws Exception {
        try (var socket = new java.net.Socket(InetAddress.getLoopbackAddress(), api.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("GET /version HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3000000\r\n\r\nx"
                            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));

            assertEquals(
                    "HTTP/1.1 200",
                    new String(socket.getInputStream().readNBytes(12), java.nio.charset.StandardCharsets.US_ASCII));
        }
    }

    @Test
    void watchesOfStrangersAreNumberedAndLeaveTheOwnersAlone() throws Exception {
        var watches = new java.util.ArrayList<java.net.Socket>();
        var status = "";
        for (int i = 0; i < 65; i++) {
            var socket = new java.net.Socket(InetAddress.getLoopbackAddress(), api.port());
            socket.setSoTimeout(10_000);
            watches.add(socket);
            socket.getOutputStream()
                    .write("GET /api/v1/namespaces/default/services?watch=true HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            status = new String(socket.getInputStream().readNBytes(12), java.nio.charset.StandardCharsets.US_ASCII);
        }
        assertEquals("HTTP/1.1 429", status);
        assertEquals(
                200,
                api.ask("GET", "/api/v1/namespaces/default/services", "", "").status());
        for (var watch : watches) watch.close();
    }
}
