package io.tulle.control.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tulle.control.store.Json;
import io.tulle.control.store.Resource;
import io.tulle.model.Problem;
import java.util.List;

/** Kubernetes' {@code Status}; our codes stand in {@code details.causes}, where kubectl prints them. */
final class StatusBody {
    private StatusBody() {}

    static ObjectNode of(Refusal refusal) {
        var code = refusal.code();
        var message = code.code() + " " + refusal.getMessage();
        return failure(code.status(), code.reason(), message, refusal.subject(), refusal.problems());
    }

    static ObjectNode failure(int http, String reason, String message, Subject subject, List<Problem> problems) {
        var body = frame("Failure");
        body.put("message", message);
        body.put("reason", reason);
        var details = body.putObject("details");
        about(details, subject);
        var causes = details.putArray("causes");
        for (var problem : problems) {
            var cause = causes.addObject();
            cause.put("reason", problem.code());
            cause.put("message", problem.explained());
            // What kubectl does not look at: the same in parts, so that whoever has the text finds the line.
            cause.put("text", problem.message());
            cause.put("fix", problem.fix());
            problem.where().ifPresent(place -> cause.put("document", place.file()));
        }
        body.put("code", http);
        return body;
    }

    static ObjectNode deleted(ServedKind kind, Resource last) {
        var body = frame("Success");
        var details = body.putObject("details");
        about(details, Subject.of(kind, last.key().name()));
        details.put("uid", last.uid());
        return body;
    }

    private static ObjectNode frame(String status) {
        var body = Json.object();
        body.put("kind", "Status");
        body.put("apiVersion", "v1");
        body.putObject("metadata");
        body.put("status", status);
        return body;
    }

    private static void about(ObjectNode details, Subject subject) {
        if (!subject.name().isEmpty()) details.put("name", subject.name());
        if (!subject.group().isEmpty()) details.put("group", subject.group());
        if (!subject.kind().isEmpty()) details.put("kind", subject.kind());
    }
}
