package io.tulle.control.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tulle.control.store.Batch;
import io.tulle.control.store.Change;
import io.tulle.control.store.Commit;
import io.tulle.control.store.Effect;
import io.tulle.control.store.Guard;
import io.tulle.control.store.Json;
import io.tulle.control.store.Resource;
import java.util.List;
import java.util.Locale;

/** Create, replace and patch one resource, or its status. */
final class WriteHandler {
    /** How often a patch is made anew when others write the same resource meanwhile. */
    private static final int ATTEMPTS = 16;

    private final Commits commits;

    WriteHandler(Commits commits) {
        this.commits = commits;
    }

    Reply create(Target target, Ask ask) {
        json(ask);
        var incoming = Documents.read(target.kind(), Documents.parse(ask.body().bytes()), target.namespace());
        if (incoming.version() != 0) {
            throw ApiCode.MALFORMED.because("metadata.resourceVersion must not be set on what is to be created");
        }
        var change = new Change.Put(incoming.key(), incoming.manifest(), Guard.absent());
        return answered(target, incoming, change, ask, 201);
    }

    Reply replace(Target target, Ask ask) {
        json(ask);
        var incoming = read(target, Documents.parse(ask.body().bytes()));
        return answered(target, incoming, change(target, incoming, Guard.present()), ask, 200);
    }

    Reply patch(Target target, Ask ask) {
        var patch = patchOf(target, ask);
        for (int attempt = 1; ; attempt++) {
            var current = ReadHandler.find(commits.store(), target);
            var incoming = read(target, Documents.judged(patch.apply(Documents.render(target.kind(), current))));
            var change = change(target, incoming, Guard.at(current.version()));
            var made = make(target, incoming, change, ask);
            var contested = made.commit() instanceof Commit.Refused && incoming.version() == current.version();
            if (!contested || attempt == ATTEMPTS) return reply(target, made, ask, 200);
        }
    }

    /** From the document that is stored to the one that is wanted. */
    private interface Patch {
        ObjectNode apply(ObjectNode document);
    }

    private Documents.Incoming read(Target target, ObjectNode document) {
        var incoming = Documents.read(target.kind(), document, target.namespace());
        if (!incoming.key().name().equals(target.name())) {
            throw ApiCode.MISMATCH.because("the document's name, '"
                    + incoming.key().name() + "', is not that of the path, '" + target.name() + "'");
        }
        return incoming;
    }

    private static Change change(Target target, Documents.Incoming incoming, Guard otherwise) {
        var guard = Commits.guard(otherwise, incoming.version(), incoming.uid());
        return target.status()
                ? new Change.Report(incoming.key(), incoming.status(), guard)
                : new Change.Put(incoming.key(), incoming.manifest(), guard);
    }

    private Reply answered(Target target, Documents.Incoming incoming, Change change, Ask ask, int status) {
        return reply(target, make(target, incoming, change, ask), ask, status);
    }

    private Commits.Made make(Target target, Documents.Incoming incoming, Change change, Ask ask) {
        var puts = change instanceof Change.Put ? List.of(incoming) : List.<Documents.Incoming>of();
        return commits.make(
                puts,
                Batch.of(change),
                ask.dryRun(),
                Subject.of(target.kind(), incoming.key().name()));
    }

    private static Reply reply(Target target, Commits.Made made, Ask ask, int status) {
        return switch (made.commit()) {
            case Commit.Refused(var conflicts) -> throw Commits.refusal(conflicts, target.subject());
            case Commit.Done done -> {
                var effect = done.effects().getFirst();
                var code = effect instanceof Effect.Created ? 201 : 200;
                var body = Documents.render(target.kind(), shown(effect, ask));
                yield new Reply(Math.max(code, status), body, ask.warns() ? made.warnings() : List.of());
            }
        };
    }

    private static Resource shown(Effect effect, Ask ask) {
        return Commits.shown(effect, ask.dryRun());
    }

    private static Patch patchOf(Target target, Ask ask) {
        var type = mediaType(ask);
        return switch (type) {
            case "application/merge-patch+json" -> {
                var patch = Documents.parse(ask.body().bytes());
                yield document -> MergePatch.apply(document, patch);
            }
            case "application/strategic-merge-patch+json" -> {
                var merging = target.kind().merging();
                if (!merging.strategic()) {
                    throw ApiCode.MEDIA_TYPE.because(target.kind().kind() + " takes merge patches, not strategic ones");
                }
                var patch = Documents.parse(ask.body().bytes());
                yield document -> new StrategicMerge(merging.keys()).apply(document, patch);
            }
            case "application/json-patch+json" -> {
                var operations = operations(ask);
                yield document -> JsonPatch.apply(document, operations);
            }
            case "application/apply-patch+yaml", "application/apply-patch+cbor" ->
                throw ApiCode.SERVER_SIDE_APPLY.because("server-side apply is not served");
            default -> throw ApiCode.MEDIA_TYPE.because("'" + type + "' is no patch that is taken");
        };
    }

    private static ArrayNode operations(Ask ask) {
        try {
            if (Json.parse(ask.body().bytes()) instanceof ArrayNode operations) return operations;
        } catch (JsonProcessingException e) {
            throw ApiCode.BAD_JSON.because(e.getOriginalMessage());
        }
        throw ApiCode.BAD_PATCH.because("a JSON patch is an array");
    }

    static void json(Ask ask) {
        var type = mediaType(ask);
        if (type.equals("application/vnd.kubernetes.protobuf")) { // what kubectl's `create KIND` sends
            throw ApiCode.MEDIA_TYPE.because(
                    "protobuf is not taken; write it with `kubectl create … --dry-run=client -o yaml"
                            + " | kubectl apply -f -`");
        }
        if (!type.isEmpty() && !type.equals("application/json")) {
            throw ApiCode.MEDIA_TYPE.because("'" + type + "' is not application/json");
        }
    }

    private static String mediaType(Ask ask) {
        var type = ask.contentType();
        var end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    static JsonNode optional(Ask ask) {
        return ask.body().isEmpty() ? Json.object() : Documents.parse(ask.body().bytes());
    }
}
