package io.tulle.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.control.store.Json;
import io.tulle.model.world.MeshSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page and its document, as the control plane serves them. */
class DashboardPageTest {
    @TempDir
    static Path folder;

    private static ControlPlane control;
    private static HttpClient client;

    @BeforeAll
    static void start() throws IOException {
        var free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var settings = new ControlPlaneSettings(
                "shop",
                folder.resolve("state"),
                folder.resolve("run"),
                MeshSettings.DEFAULT,
                free,
                free,
                Duration.ofHours(24),
                "1.2.3");
        control = ControlPlane.start(settings, Clock.systemUTC(), new SecureRandom());
        client = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        client.close();
        control.close();
    }

    @Test
    void thePageIsReadOverLoopbackWithoutACredential() throws Exception {
        var page = get("/");
        assertEquals(200, page.statusCode());
        assertTrue(page.headers().firstValue("content-type").orElse("").startsWith("text/html"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/dashboard/main.js", "/dashboard/page.css", "/dashboard/icon.svg", "/mesh/overview"})
    void nothingThatIsNotOursRunsOrFramesIt(String path) throws Exception {
        var headers = get(path).headers();
        var policy = headers.firstValue("content-security-policy").orElse("");
        assertTrue(policy.contains("default-src 'none'"), policy);
        assertTrue(policy.contains("frame-ancestors 'none'"), policy);
        assertFalse(policy.contains("unsafe"), policy);
        assertEquals("nosniff", headers.firstValue("x-content-type-options").orElse(""));
        assertEquals("no-referrer", headers.firstValue("referrer-policy").orElse(""));
        assertEquals("no-store", headers.firstValue("cache-control").orElse(""));
    }

    @Test
    void thePageHoldsNoScriptOrStyleOfItsOwnAndNamesNoOtherHost() throws Exception {
        var html = get("/").body();
        assertFalse(
                Pattern.compile("<style|style=|\\son\\w+=|https?://")
                        .matcher(html)
                        .find(),
                html);
        assertFalse(Pattern.compile("<script(?![^>]*src=)").matcher(html).find(), html);
    }

    @Test
    void everyFileThatThePageNamesIsServed() throws Exception {
        var names = Pattern.compile("(?:(?:href|src)=\"|from '\\.)(/[a-z/]*\\.[a-z]+)")
                .matcher(get("/").body()
                        + get("/dashboard/main.js").body()
                        + get("/dashboard/map.js").body()
                        + get("/dashboard/tables.js").body());
        var seen = 0;
        while (names.find()) {
            var name = names.group(1);
            var path = name.startsWith("/dashboard/") ? name : "/dashboard" + name;
            assertEquals(200, get(path).statusCode(), path);
            seen++;
        }
        assertTrue(seen >= 10, "found only " + seen);
    }

    @Test
    void theDocumentOfAnEmptyMeshSaysWhoseItIs() throws Exception {
        var answer = get("/mesh/overview");
        assertEquals(200, answer.statusCode());
        var document = Json.parse(answer.body().getBytes(StandardCharsets.UTF_8));
        assertEquals("shop", document.path("mesh").asText());
        assertEquals("1.2.3", document.path("version").asText());
        assertEquals(0, document.path("parties").size());
        assertEquals(0, document.path("edges").size());
    }

    @Test
    void aHeadHasNoBodyAndAWriteIsNotServed() throws Exception {
        var head = client.send(HttpRequest.newBuilder(uri("/")).HEAD().build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(200, head.statusCode());
        assertEquals("", head.body());
        var post = HttpRequest.newBuilder(uri("/mesh/overview")).POST(HttpRequest.BodyPublishers.noBody());
        assertEquals(
                401,
                client.send(post.build(), HttpResponse.BodyHandlers.ofString()).statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host: evil.example", "Host: 127.0.0.1\r\nOrigin: https://evil.example"})
    void aPageOfSomebodyElseReadsNothing(String headers) throws Exception {
        for (var path : new String[] {"/", "/mesh/overview"}) {
            var answer = raw("GET " + path + " HTTP/1.1\r\n" + headers + "\r\nConnection: close\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 403"), answer);
            assertFalse(answer.contains("\"parties\""), answer);
        }
        var own = raw("GET /mesh/overview HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertTrue(own.startsWith("HTTP/1.1 200"), own);
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static URI uri(String path) {
        return URI.create("http://127.0.0.1:" + control.apiAddress().getPort() + path);
    }

    private static String raw(String request) throws IOException {
        try (var socket = new Socket(
                InetAddress.getLoopbackAddress(), control.apiAddress().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
