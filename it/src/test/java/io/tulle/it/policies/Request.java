package io.tulle.it.policies;

import io.tulle.dialects.reader.Json;
import io.tulle.dialects.reader.Node;
import io.tulle.dialects.reader.Reader;
import io.tulle.model.Problem.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One entry of {@code requests.yaml}: what is sent, and what must come of it. The README beside the cases explains each key.
 *
 * @param times how often it is sent, one after the other
 * @param answers what the applications answer each time, first to last; the last to all that follow; empty: who they are
 */
record Request(Place where, Call call, int times, List<Answer> answers, Expected expected) {
    /** Enough for shares that come out. */
    private static final int MANY = 50;

    /** The file that a case may hold. */
    static final String FILE = "requests.yaml";

    /**
     * Reads all of them.
     *
     * @throws AssertionError that names the line of each mistake
     */
    static List<Request> read(Path file) throws IOException {
        var read = new Reader().read(FILE, Files.readAllBytes(file));
        if (!read.isClean()) throw new AssertionError(file + " is no YAML: " + read.problems());
        var wrong = new ArrayList<String>();
        var all = new ArrayList<Request>();
        for (var document : read.documents()) {
            for (var item : Fields.items(document)) all.add(Fields.read(item, wrong, Request::request));
        }
        if (all.isEmpty()) wrong.add(FILE + " holds no request");
        if (!wrong.isEmpty()) throw new AssertionError(file + "\n" + String.join("\n", wrong));
        return all;
    }

    private static Request request(Fields fields) {
        var call = call(fields);
        var times = fields.number("times").orElse(1);
        var answers = fields.list("answers").stream()
                .map(node -> Answer.read(node, fields))
                .toList();
        var expected = fields.get("expect")
                .map(node -> fields.within(node, Expected::read))
                .orElseGet(() -> Fields.read(Node.Mapping.EMPTY, new ArrayList<>(), Expected::read));
        if (!answers.isEmpty() && expected.attempts().isEmpty())
            fields.refuse(
                    "with 'answers' goes 'attempts' in 'expect': how often the applications hear of each request");
        if (expected.isOfMany() && times < MANY)
            fields.refuse("shares need 'times' of at least " + MANY + ", else they show nothing");
        if (!call.wire().isHttp() && expected.isOfHttp()) fields.refuse("only HTTP has a status and headers");
        return new Request(fields.node().place(), call, times, answers, expected);
    }

    private static Call call(Fields fields) {
        var at = fields.required("at");
        var to = fields.required("to");
        if (!at.equals(Call.OUTSIDE) && !to.matches(".+:\\d+")) fields.refuse("'to' is host:port");
        var written = fields.text("protocol", "http").toLowerCase(Locale.ROOT);
        var wire = Call.Wire.of(written).orElseGet(() -> {
            fields.refuse("'protocol' is http, http2, grpc, nest-tcp or tcp, not '" + written + "'");
            return Call.Wire.HTTP;
        });
        var usual = wire == Call.Wire.GRPC ? "POST" : "GET";
        var pattern = fields.get("pattern").map(Json::compact);
        return new Call(
                at,
                to,
                wire,
                fields.text("method", usual),
                fields.text("path").or(() -> pattern).orElse("/"),
                fields.byName("headers"),
                fields.text("body", ""),
                fields.isSet("event"));
    }
}
