package io.tulle.labs.stage;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.TreeMap;

/** Somebody outside the mesh, with an HTTP client, at a published door. One request at a time; load has a client of its own. */
public final class Visitor implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final InetSocketAddress door;

    public Visitor(InetSocketAddress door) {
        this.door = door;
    }

    /** @param headers names and values in turn */
    public Answer get(String path, String... headers) {
        return send("GET", path, "", headers);
    }

    /** Posts JSON. */
    public Answer post(String path, String json, String... headers) {
        return send("POST", path, json, headers);
    }

    public Answer send(String method, String path, String json, String... headers) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.getPort() + path))
                .timeout(PATIENCE)
                .method(
                        method,
                        json.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(json));
        if (!json.isEmpty()) request.header("content-type", "application/json");
        if (headers.length > 0) request.headers(headers);
        try {
            var response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            var seen = new TreeMap<String, String>();
            response.headers().map().forEach((name, values) -> seen.put(name, values.getFirst()));
            return new Answer(response.statusCode(), seen, response.body());
        } catch (IOException e) {
            throw new Unmet(method + " " + path + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unmet(method + " " + path + " was given up");
        }
    }

    /** The same, where anything but 2xx is a failure of the lab. */
    public Answer ask(String path, String... headers) {
        var answer = get(path, headers);
        Unmet.unless(answer.status() / 100 == 2, "GET " + path + " was answered with " + answer);
        return answer;
    }

    @Override
    public void close() {
        client.close();
    }
}
