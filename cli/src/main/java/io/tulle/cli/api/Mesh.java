package io.tulle.cli.api;

import io.tulle.cli.code.CliCode;
import io.tulle.dialects.reader.Json;
import io.tulle.dialects.reader.Node;
import io.tulle.dialects.reader.Reader;
import io.tulle.dialects.resource.Resource;
import io.tulle.model.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;

/** The mesh as the command line sees it: resources in and out, and how far a revision has come. */
public final class Mesh implements AutoCloseable {
    private final ApiClient client;
    private final Path socket;

    public Mesh(Path socket) {
        this.socket = socket;
        this.client = new ApiClient(socket);
    }

    /**
     * What became of an apply.
     *
     * @param results one a resource: {@code virtualservice shop/catalog created}
     */
    public record Applied(long revision, List<Result> results, List<Problem> warnings) {}

    /** @param before and {@code after}: documents, in a dry run alone */
    public record Result(String name, String word, Node before, Node after) {}

    /**
     * How far a revision is.
     *
     * @param told proxies that were told anything new; the others call nothing of what was changed
     */
    public record Progress(int proxies, int done, int told, List<Waiting> waiting) {}

    public record Waiting(String proxy, boolean rejected, String reason) {}

    /** Puts resources (and takes others away), all of them as one revision. */
    public Applied apply(List<Resource> resources, List<Resource> deletions, boolean dryRun) {
        var body = new LinkedHashMap<String, Node>();
        body.put("resources", documents(resources));
        body.put("deletions", documents(deletions));
        body.put("dryRun", Node.of(dryRun));
        var places = new Places(resources);
        var answer = ask(places, () -> client.post("/apis/tulle.io/v1/apply", Json.compact(Node.mapOf(body))));
        var results = new ArrayList<Result>();
        for (var result : items(answer, "results")) {
            var name = text(result, "kind") + " "
                    + Stream.of(text(result, "namespace"), text(result, "name"))
                            .filter(part -> !part.isEmpty())
                            .reduce((a, b) -> a + "/" + b)
                            .orElse("");
            results.add(new Result(
                    name,
                    text(result, "result"),
                    result.at("before").orElse(new Node.Null(Node.MADE)),
                    result.at("after").orElse(new Node.Null(Node.MADE))));
        }
        var warnings = items(answer, "warnings").stream()
                .map(w -> {
                    var told = Problem.warning(text(w, "code"), text(w, "message"), text(w, "fix"));
                    return places.of(text(w, "document"), told.message())
                            .map(told::at)
                            .orElse(told);
                })
                .toList();
        return new Applied(number(answer, "revision"), results, warnings);
    }

    public Progress progress(long revision) {
        var answer = ask(() -> client.get("/apis/tulle.io/v1/rollout?revision=" + revision));
        var waiting = items(answer, "pending").stream()
                .map(p -> new Waiting(
                        text(p, "proxy"),
                        p.at("rejected")
                                .filter(r -> r instanceof Node.Bool b && b.value())
                                .isPresent(),
                        text(p, "reason")))
                .toList();
        return new Progress(
                (int) number(answer, "proxies"), (int) number(answer, "done"), (int) number(answer, "told"), waiting);
    }

    /** Any document of the API, as it is. */
    public Node document(String path) {
        return ask(() -> client.get(path));
    }

    /** Sends a document and returns what is answered. */
    public Node post(String path, Node document) {
        return ask(() -> client.post(path, Json.compact(document)));
    }

    public Node delete(String path) {
        return ask(() -> client.delete(path));
    }

    /** The items of a list of the API. */
    public List<Node> items(String path) {
        return items(document(path), "items");
    }

    @Override
    public void close() {
        client.close();
    }

    private interface Call {
        ApiClient.Answer make() throws ApiClient.Unreachable;
    }

    private Node ask(Call call) {
        return ask(Places.NONE, call);
    }

    private Node ask(Places places, Call call) {
        try {
            var answer = call.make();
            var read = new Reader().json("the control plane's answer", answer.body());
            if (read.documents().isEmpty()) {
                throw new ApiRefusal(
                        false,
                        List.of(CliCode.NO_DOCUMENT.problem(
                                "the control plane answered " + answer.status() + " and no document",
                                "look at its log")));
            }
            var document = read.documents().getFirst();
            if (!answer.isGood()) throw refusal(answer.status(), document, places);
            return document;
        } catch (ApiClient.Unreachable e) {
            throw new ApiRefusal(
                    true,
                    List.of(CliCode.NO_ANSWER.problem(
                            "no control plane answers at " + socket + " (" + e.getMessage() + ")",
                            "start one with tulle control (or tulle up), or name the mesh with --mesh")));
        }
    }

    private static ApiRefusal refusal(int status, Node document, Places places) {
        var causes = items(document.at("details").orElse(Node.Mapping.EMPTY), "causes");
        var problems = new ArrayList<Problem>();
        for (var cause : causes) {
            var reason = text(cause, "reason");
            var code = reason.matches("TUL[0-9]{4}") ? reason : CliCode.REFUSED.code();
            var text = text(cause, "text");
            var problem = Problem.error(code, text.isEmpty() ? text(cause, "message") : text, text(cause, "fix"));
            problems.add(
                    places.of(text(cause, "document"), text).map(problem::at).orElse(problem));
        }
        if (problems.isEmpty()) {
            problems.add(CliCode.REFUSED.problem(
                    "the control plane refused with " + status + ": " + text(document, "message"), ""));
        }
        return new ApiRefusal(false, problems);
    }

    private static Node documents(List<Resource> resources) {
        return Node.listOf(resources.stream().map(Resource::toNode).toList());
    }

    /** The list under a key of a document; empty when there is none. */
    public static List<Node> items(Node of, String key) {
        return of.at(key).orElse(Node.listOf(List.of())) instanceof Node.Sequence list ? list.items() : List.of();
    }

    /** A text field of a document; empty where there is none. */
    public static String text(Node of, String key) {
        return of.at(key).orElse(Node.of("")) instanceof Node.Text(var _, var value) ? value : "";
    }

    private static long number(Node of, String key) {
        return of.at(key).orElse(Node.of(0)) instanceof Node.Numeral(var _, var value) ? value.longValue() : 0;
    }
}
