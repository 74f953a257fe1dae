package io.tulle.control.store;

import io.tulle.control.store.Commit.Conflict;
import io.tulle.control.store.Guard.Existence;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One batch inside its transaction: first every guard is asked, then every change is made. */
final class Step {
    private final Connection connection;
    private final Instant time;
    private final Supplier<String> uids;
    private final int remembered;

    Step(Connection connection, Instant time, Supplier<String> uids, int remembered) {
        this.connection = connection;
        this.time = time;
        this.uids = uids;
        this.remembered = remembered;
    }

    Commit run(Batch batch) throws SQLException {
        var standing = ResourceTables.standing(connection);
        var before = new ArrayList<Optional<Resource>>();
        for (var change : batch.changes()) before.add(alive(change.key()));
        var conflicts = conflicts(batch, before, standing.at());
        if (!conflicts.isEmpty()) return new Commit.Refused(conflicts);
        var at = next(batch, before, standing.at());
        var effects = new ArrayList<Effect>();
        for (int i = 0; i < batch.changes().size(); i++) {
            effects.add(make(batch.changes().get(i), before.get(i), at, i));
        }
        if (!at.equals(standing.at())) {
            var floor = Math.max(standing.floor(), at.version() - remembered);
            ResourceTables.move(connection, at, floor);
            ResourceTables.forget(connection, floor);
        }
        return new Commit.Done(at, effects);
    }

    private Optional<Resource> alive(ResourceKey key) throws SQLException {
        return ResourceTables.current(connection, key)
                .filter(row -> !row.deleted())
                .map(ResourceTables.Row::resource);
    }

    private static List<Conflict> conflicts(Batch batch, List<Optional<Resource>> before, Position at) {
        var conflicts = new ArrayList<Conflict>();
        if (batch.expectedRevision() != Batch.ANY && batch.expectedRevision() != at.revision()) {
            conflicts.add(new Conflict.Moved(batch.expectedRevision(), at.revision()));
        }
        for (int i = 0; i < before.size(); i++) {
            conflict(batch.changes().get(i), before.get(i)).ifPresent(conflicts::add);
        }
        return conflicts;
    }

    private static Optional<Conflict> conflict(Change change, Optional<Resource> found) {
        var guard = change.guard();
        var key = change.key();
        if (found.isEmpty()) {
            var mustExist = !(change instanceof Change.Put) || guard.existence() == Existence.PRESENT;
            return mustExist ? Optional.of(new Conflict.Missing(key)) : Optional.empty();
        }
        var there = found.get();
        if (guard.existence() == Existence.ABSENT) return Optional.of(new Conflict.Exists(key));
        if (!guard.uid().isEmpty() && !guard.uid().equals(there.uid())) {
            return Optional.of(new Conflict.Reborn(key, guard.uid(), there.uid()));
        }
        if (guard.version() != 0 && guard.version() != there.version()) {
            return Optional.of(new Conflict.Stale(key, guard.version(), there.version()));
        }
        return Optional.empty();
    }

    /** What changes nothing makes no step; what changes status alone makes no revision. */
    private static Position next(Batch batch, List<Optional<Resource>> before, Position at) {
        var reports = false;
        for (int i = 0; i < before.size(); i++) {
            if (!changes(batch.changes().get(i), before.get(i))) continue;
            if (!(batch.changes().get(i) instanceof Change.Report)) return at.afterContent();
            reports = true;
        }
        return reports ? at.afterStatus() : at;
    }

    private static boolean changes(Change change, Optional<Resource> before) {
        return switch (change) {
            case Change.Delete _ -> true;
            case Change.Put put ->
                before.map(there -> !there.manifest().equals(put.manifest())).orElse(true);
            case Change.Report report ->
                before.map(there -> !there.status().equals(report.status())).orElse(false);
        };
    }

    private Effect make(Change change, Optional<Resource> before, Position at, int place) throws SQLException {
        if (before.isEmpty()) return create((Change.Put) change, at, place);
        var there = before.get();
        if (!changes(change, before)) return new Effect.Unchanged(there);
        var after = switch (change) {
            case Change.Put put -> there.declaring(put.manifest(), at);
            case Change.Report report -> there.reporting(report.status(), at);
            case Change.Delete _ -> there.ending(at);
        };
        var deleted = change instanceof Change.Delete;
        write(after, place, deleted);
        return deleted ? new Effect.Deleted(after) : new Effect.Changed(there, after);
    }

    private Effect create(Change.Put put, Position at, int place) throws SQLException {
        var born = new Resource(put.key(), put.manifest(), uids.get(), at.version(), at.revision(), 1, time, "");
        write(born, place, false);
        return new Effect.Created(born);
    }

    private void write(Resource resource, int place, boolean deleted) throws SQLException {
        ResourceTables.end(connection, resource.key(), resource.version());
        ResourceTables.insert(connection, resource, place, deleted);
    }
}
