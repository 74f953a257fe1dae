package io.tulle.launch.health;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;

/** A GET as a question: well when the status is 2xx. The body is not read. */
public final class FetchProbe implements Probe {
    private final CompletableFuture<HttpResponse<Void>> response;

    private FetchProbe(CompletableFuture<HttpResponse<Void>> response) {
        this.response = response;
    }

    public static Probe ask(HttpClient client, URI url) {
        var request = HttpRequest.newBuilder(url).GET().build();
        return new FetchProbe(client.sendAsync(request, HttpResponse.BodyHandlers.discarding()));
    }

    @Override
    public CompletableFuture<Answer> answer() {
        return response.handle((answer, failure) -> failure != null
                ? new Answer(false, String.valueOf(failure.getMessage()))
                : new Answer(answer.statusCode() / 100 == 2, "status " + answer.statusCode()));
    }

    @Override
    public void abandon() {
        response.cancel(true);
    }
}
