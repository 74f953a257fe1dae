package io.tulle.control.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tulle.control.store.Batch;
import io.tulle.control.store.Change;
import io.tulle.control.store.Commit;
import io.tulle.control.store.Effect;
import io.tulle.control.store.Guard;
import io.tulle.control.store.Json;
import io.tulle.control.store.ResourceKey;
import io.tulle.model.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code POST /apis/tulle.io/v1/apply}: several documents, one revision. The body has {@code resources} (whole documents,
 * which replace what is stored), {@code deletions} (documents of which the frame counts; what is not there is no error),
 * {@code expectedRevision} and {@code dryRun}. The answer has the revision and, for each, what happened to it; in a dry
 * run also {@code before} and {@code after}.
 */
final class ApplyHandler {
    private static final Set<String> FIELDS = Set.of("resources", "deletions", "expectedRevision", "dryRun");

    private final Commits commits;
    private final KindTable kinds;

    ApplyHandler(Commits commits, KindTable kinds) {
        this.commits = commits;
        this.kinds = kinds;
    }

    Reply apply(Ask ask) {
        WriteHandler.json(ask);
        var body = Documents.parse(ask.body().bytes());
        body.fieldNames().forEachRemaining(field -> {
            if (!FIELDS.contains(field)) throw ApiCode.MALFORMED.because("'" + field + "' is no field of an apply");
        });
        var puts = new ArrayList<Documents.Incoming>();
        for (var document : array(body, "resources")) puts.add(read(document));
        var deletions = new ArrayList<Documents.Incoming>();
        for (var document : array(body, "deletions")) deletions.add(read(document));
        refuseTwice(puts, deletions);
        var dryRun = ask.dryRun() || body.path("dryRun").asBoolean(false);
        var batch = new Batch(changes(puts, deletions), expected(body));
        var made = commits.make(puts, batch, dryRun, Subject.NONE);
        return switch (made.commit()) {
            case Commit.Refused(var conflicts) -> throw Commits.refusal(conflicts, Subject.NONE);
            case Commit.Done done -> Reply.ok(answer(done, dryRun, made.warnings()));
        };
    }

    private Documents.Incoming read(JsonNode document) {
        if (!(document instanceof ObjectNode object)) throw ApiCode.MALFORMED.because("each resource is an object");
        var apiVersion = object.path("apiVersion").asText("");
        var name = object.path("kind").asText("");
        var kind = kinds.of(apiVersion, name)
                .orElseThrow(
                        () -> ApiCode.MALFORMED.because("kind '" + name + "' of '" + apiVersion + "' is not served"));
        return Documents.read(kind, object, "");
    }

    private List<Change> changes(List<Documents.Incoming> puts, List<Documents.Incoming> deletions) {
        var changes = new ArrayList<Change>();
        for (var put : puts) {
            changes.add(
                    new Change.Put(put.key(), put.manifest(), Commits.guard(Guard.any(), put.version(), put.uid())));
        }
        for (var deletion : deletions) {
            if (commits.store().find(deletion.key()).isEmpty()) continue; // it is as it was wanted
            changes.add(new Change.Delete(
                    deletion.key(), Commits.guard(Guard.present(), deletion.version(), deletion.uid())));
        }
        return changes;
    }

    private ObjectNode answer(Commit.Done done, boolean dryRun, List<Problem> warnings) {
        var answer = Json.object();
        answer.put("kind", "ApplyResult");
        answer.put("apiVersion", "tulle.io/v1");
        answer.put(
                "revision",
                dryRun ? commits.store().position().revision() : done.at().revision());
        answer.put("dryRun", dryRun);
        var results = answer.putArray("results");
        for (var effect : done.effects()) describe(effect, dryRun, results.addObject());
        var told = answer.putArray("warnings");
        for (var warning : warnings) {
            var one = told.addObject()
                    .put("code", warning.code())
                    .put("message", warning.message())
                    .put("fix", warning.fix());
            warning.where().ifPresent(place -> one.put("document", place.file()));
        }
        return answer;
    }

    private void describe(Effect effect, boolean dryRun, ObjectNode result) {
        var key = effect.resource().key();
        var kind = kinds.byKey().get(key.kindKey());
        if (kind == null) throw new IllegalStateException(key + " was applied and is not served");
        result.put("apiVersion", kind.apiVersion());
        result.put("kind", key.kind());
        if (!key.namespace().isEmpty()) result.put("namespace", key.namespace());
        result.put("name", key.name());
        result.put("result", word(effect));
        if (!dryRun) return;
        if (effect instanceof Effect.Changed changed) result.set("before", Documents.render(kind, changed.before()));
        var side = effect instanceof Effect.Deleted ? "before" : "after";
        result.set(side, Documents.render(kind, Commits.shown(effect, true)));
    }

    private static String word(Effect effect) {
        return switch (effect) {
            case Effect.Created _ -> "created";
            case Effect.Changed _ -> "configured";
            case Effect.Unchanged _ -> "unchanged";
            case Effect.Deleted _ -> "deleted";
        };
    }

    private static JsonNode array(ObjectNode body, String field) {
        var list = body.path(field);
        if (!list.isMissingNode() && !list.isArray()) throw ApiCode.MALFORMED.because(field + " must be an array");
        return list;
    }

    private static long expected(ObjectNode body) {
        var expected = body.path("expectedRevision");
        if (expected.isMissingNode() || expected.isNull()) return Batch.ANY;
        if (!expected.canConvertToExactIntegral() || !expected.canConvertToLong() || expected.asLong() < 0) {
            throw ApiCode.MALFORMED.because("expectedRevision must be a number, at least 0");
        }
        return expected.asLong();
    }

    private static void refuseTwice(List<Documents.Incoming> puts, List<Documents.Incoming> deletions) {
        var seen = new HashSet<ResourceKey>();
        for (var all : List.of(puts, deletions)) {
            for (var one : all) {
                if (!seen.add(one.key())) throw ApiCode.MALFORMED.because(one.key() + " is named twice");
            }
        }
    }
}
