package io.tulle.control.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.tulle.control.store.Batch;
import io.tulle.control.store.Change;
import io.tulle.control.store.Commit;
import io.tulle.control.store.Guard;
import io.tulle.control.store.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Delete one resource; with a namespace goes all that is in it, in the same commit. Nothing lingers: there are no
 * finalizers, so each propagation policy is the same to us.
 */
final class DeleteHandler {
    private static final Set<String> POLICIES = Set.of("", "Background", "Foreground", "Orphan");

    private final Commits commits;

    DeleteHandler(Commits commits) {
        this.commits = commits;
    }

    Reply delete(Target target, Ask ask) {
        var options = WriteHandler.optional(ask);
        var policy = options.path("propagationPolicy").asText("");
        if (!POLICIES.contains(policy))
            throw ApiCode.BAD_PARAMETER.because("propagationPolicy '" + policy + "' is unknown");
        var dryRun = ask.dryRun() || dryRun(options.path("dryRun"));
        var current = ReadHandler.find(commits.store(), target);
        var preconditions = options.path("preconditions");
        var wanted = preconditions.path("resourceVersion").asText("");
        var version = wanted.isEmpty() ? 0 : Numbers.parse(wanted);
        if (version < 0) throw ApiCode.BAD_PARAMETER.because("preconditions.resourceVersion is no version");
        var guard = Commits.guard(
                Guard.present(), version, preconditions.path("uid").asText(""));
        var changes = new ArrayList<Change>(List.of(new Change.Delete(current.key(), guard)));
        if (target.kind().holdsOthers()) contents(target.name(), changes);
        var made = commits.make(List.of(), Batch.of(changes), dryRun, target.subject());
        return switch (made.commit()) {
            case Commit.Refused(var conflicts) -> throw Commits.refusal(conflicts, target.subject());
            case Commit.Done done ->
                new Reply(
                        200,
                        StatusBody.deleted(
                                target.kind(), done.effects().getFirst().resource()),
                        made.warnings());
        };
    }

    private void contents(String namespace, List<Change> changes) {
        for (var resource :
                commits.store().list(Query.everything().in(namespace)).resources()) {
            changes.add(new Change.Delete(resource.key(), Guard.present()));
        }
    }

    private static boolean dryRun(JsonNode written) {
        if (written.isMissingNode() || written.isNull() || written.isEmpty()) return false;
        for (var value : written) {
            if (!value.asText().equals("All")) throw ApiCode.BAD_PARAMETER.because("dryRun is All or nothing");
        }
        return true;
    }
}
