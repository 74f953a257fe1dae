package io.tulle.control.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.tulle.control.store.Database;
import io.tulle.control.store.EmbeddedStore;
import io.tulle.control.store.Json;
import io.tulle.dialects.Kinds;
import io.tulle.model.Problem;
import io.tulle.xds.server.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The API on a free loopback port, with a store of its own and a client that trusts it. */
final class TestApi implements AutoCloseable {
    /** How many versions back its store goes. */
    static final int REMEMBERED = 50;

    final EmbeddedStore store;
    final TestPki pki;
    final TokenFile token;
    final Database database;
    final Path socket;
    private final ApiServer server;
    private final HttpClient client;

    private TestApi(Database database, EmbeddedStore store, TestPki pki, TokenFile token, ApiServer server, Path socket)
            throws Exception {
        this.database = database;
        this.socket = socket;
        this.store = store;
        this.pki = pki;
        this.token = token;
        this.server = server;
        this.client = HttpClient.newBuilder()
                .sslContext(pki.clientContext())
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    /** Its admission refuses what is labelled {@code refuse} and warns of what is labelled {@code warn}. */
    static TestApi start(Path folder) throws Exception {
        return start(folder, _ -> Optional.empty());
    }

    static TestApi start(Path folder, Rollouts rollouts) throws Exception {
        return start(folder, rollouts, Patience.DEFAULT);
    }

    static TestApi start(Path folder, Rollouts rollouts, Patience patience) throws Exception {
        var database = Database.open(folder.resolve("store.db"));
        var store = new EmbeddedStore(database, Clock.systemUTC(), new SecureRandom(), REMEMBERED);
        var pki = TestPki.make();
        var token = TokenFile.open(folder.resolve("token"), new SecureRandom());
        var place = new ApiPlace(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), folder.resolve("api.sock"), Set.of());
        var rules = new ApiRules(KindTable.of(Kinds.all()), TestApi::judge, rollouts, "0.1.0");
        Credentials session = headers -> headers.get("cookie", "").equals("tulle=good")
                ? Optional.of(new Caller("browser", Caller.Means.SESSION))
                : Optional.empty();
        var server = ApiServer.start(
                place, pki::leaf, token.or(session), rules, store, Clock.systemUTC(), _ -> {}, patience);
        return new TestApi(database, store, pki, token, server, place.socket());
    }

    private static List<Problem> judge(Admission.Proposal proposal) {
        return proposal.candidates().stream()
                .flatMap(candidate -> candidate.document().contains("\"refuse\"")
                        ? List.of(
                                Problem.error("TUL1299", candidate.key() + " is refused", "Do not ask for it."),
                                Problem.error("TUL1298", "twice", "Nor for this."))
                                .stream()
                        : candidate.document().contains("\"warn\"")
                                ? List.of(Problem.warning("TUL1297", "odd \"é\" thing", "Look.")).stream()
                                : List.<Problem>of().stream())
                .toList();
    }

    int port() {
        return server.address().getPort();
    }

    URI secure(String path) {
        return URI.create("https://127.0.0.1:" + port() + path);
    }

    URI plain(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    /** With the token over TLS. */
    Answer ask(String method, String path, String type, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(secure(path))
                .header("Authorization", "Bearer " + token.token())
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!type.isEmpty()) request.header("Content-Type", type);
        return send(request);
    }

    Answer post(String path, String body) throws IOException, InterruptedException {
        return ask("POST", path, "application/json", body);
    }

    Answer get(String path) throws IOException, InterruptedException {
        return ask("GET", path, "", "");
    }

    Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        var response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(response);
    }

    HttpClient client() {
        return client;
    }

    @Override
    public void close() {
        server.close();
        store.close();
        database.close();
    }

    record Answer(HttpResponse<String> response) {
        int status() {
            return response.statusCode();
        }

        JsonNode json() throws IOException {
            return Json.parse(response.body().getBytes(StandardCharsets.UTF_8));
        }

        /** {@code TUL1320} of a refusal. */
        String code() throws IOException {
            return json().path("details").path("causes").path(0).path("reason").asText();
        }
    }
}
