package io.tulle.control.api;

import io.tulle.control.store.Batch;
import io.tulle.control.store.Change;
import io.tulle.control.store.Commit;
import io.tulle.control.store.Commit.Conflict;
import io.tulle.control.store.Effect;
import io.tulle.control.store.Guard;
import io.tulle.control.store.Resource;
import io.tulle.control.store.ResourceKey;
import io.tulle.control.store.ResourceStore;
import io.tulle.model.Problem;
import java.util.ArrayList;
import java.util.List;

/** The one way into the store: admission first, then the commit or its rehearsal. */
final class Commits {
    private final ResourceStore store;
    private final Admission admission;

    Commits(ResourceStore store, Admission admission) {
        this.store = store;
        this.admission = admission;
    }

    /** @param warnings of the documents' frames and of admission */
    record Made(Commit commit, List<Problem> warnings) {}

    ResourceStore store() {
        return store;
    }

    /** Throws what admission refuses; a conflict is returned, since some callers try again. */
    Made make(List<Documents.Incoming> puts, Batch batch, boolean dryRun, Subject subject) {
        var deletions = batch.changes().stream()
                .filter(Change.Delete.class::isInstance)
                .map(Change::key)
                .toList();
        var candidates = puts.stream().map(Documents.Incoming::candidate).toList();
        var problems = admission.check(new Admission.Proposal(candidates, deletions));
        var errors = problems.stream().filter(Problem::isError).toList();
        if (!errors.isEmpty()) {
            var first = errors.getFirst();
            var more = errors.size() == 1 ? "" : " (and " + (errors.size() - 1) + " more)";
            throw new Refusal(ApiCode.INVALID, first.explained() + more, subject, errors);
        }
        var warnings = new ArrayList<Problem>();
        puts.forEach(put -> warnings.addAll(put.warnings()));
        warnings.addAll(problems);
        return new Made(dryRun ? store.rehearse(batch) : store.commit(batch), warnings);
    }

    static Guard guard(Guard guard, long version, String uid) {
        return new Guard(guard.existence(), version == 0 ? guard.version() : version, uid);
    }

    static Refusal refusal(List<Conflict> conflicts, Subject subject) {
        var first = refusal(conflicts.getFirst());
        if (conflicts.size() == 1) return first.of(subject);
        var problems = conflicts.stream()
                .map(Commits::refusal)
                .flatMap(refused -> refused.problems().stream())
                .toList();
        return new Refusal(first.code(), String.valueOf(first.getMessage()), subject, problems);
    }

    private static Refusal refusal(Conflict conflict) {
        return switch (conflict) {
            case Conflict.Exists(var key) -> ApiCode.EXISTS.because(named(key) + " already exists");
            case Conflict.Missing(var key) -> ApiCode.NOT_FOUND.because(named(key) + " not found");
            case Conflict.Stale(var key, var expected, var actual) ->
                ApiCode.CONFLICT.because(named(key) + " was changed: it has version " + actual + ", not " + expected);
            case Conflict.Reborn(var key, var expected, var actual) ->
                ApiCode.CONFLICT.because(named(key) + " was made anew: its uid is " + actual + ", not " + expected);
            case Conflict.Moved(var expected, var actual) ->
                ApiCode.CONFLICT.because("the mesh is at revision " + actual + ", not " + expected);
        };
    }

    private static String named(ResourceKey key) {
        return key.toString();
    }

    /** What a dry run shows keeps the version that is stored, since nothing was. */
    static Resource shown(Effect effect, boolean dryRun) {
        var after = effect.resource();
        if (!dryRun) return after;
        var version =
                effect instanceof Effect.Changed changed ? changed.before().version() : 0;
        if (effect instanceof Effect.Unchanged) return after;
        return new Resource(
                after.key(),
                after.manifest(),
                after.uid(),
                version,
                after.revision(),
                after.generation(),
                after.created(),
                after.status());
    }
}
