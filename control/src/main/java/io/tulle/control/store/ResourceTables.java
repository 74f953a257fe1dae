package io.tulle.control.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rows behind the store. A row is one state of one resource, true from {@code version} until {@code ended}; a
 * deletion is a state too. So one table holds the present, the history that watchers ask for, and every moment between.
 */
final class ResourceTables {
    /** {@code ended} of what is true now. */
    static final long NOW = Long.MAX_VALUE;

    static final Schema SCHEMA = new Schema(
            "resources",
            List.of(List.of(
                    """
                    CREATE TABLE resource (
                      grp TEXT NOT NULL, kind TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
                      version INTEGER NOT NULL, place INTEGER NOT NULL, ended INTEGER NOT NULL,
                      deleted INTEGER NOT NULL, revision INTEGER NOT NULL, generation INTEGER NOT NULL,
                      uid TEXT NOT NULL, created INTEGER NOT NULL,
                      labels TEXT NOT NULL, annotations TEXT NOT NULL, body TEXT NOT NULL, status TEXT NOT NULL,
                      PRIMARY KEY (grp, kind, namespace, name, version)) STRICT""",
                    "CREATE UNIQUE INDEX resource_step ON resource (version, place)",
                    "CREATE UNIQUE INDEX resource_now ON resource (grp, kind, namespace, name) WHERE ended = " + NOW,
                    "CREATE INDEX resource_ended ON resource (ended) WHERE ended < " + NOW,
                    """
                    CREATE TABLE position (
                      id INTEGER PRIMARY KEY CHECK (id = 1),
                      version INTEGER NOT NULL, revision INTEGER NOT NULL, floor INTEGER NOT NULL) STRICT""",
                    "INSERT INTO position (id, version, revision, floor) VALUES (1, 0, 0, 0)")));

    private static final String COLUMNS =
            "grp, kind, namespace, name, version, deleted, revision, generation, uid, created, labels, annotations,"
                    + " body, status";

    private ResourceTables() {}

    /** The position, and the version before which nothing is remembered. */
    record Standing(Position at, long floor) {}

    record Row(Resource resource, boolean deleted) {}

    static Standing standing(Connection connection) throws SQLException {
        try (var select = connection.prepareStatement("SELECT version, revision, floor FROM position");
                var rows = select.executeQuery()) {
            if (!rows.next()) throw new StoreException(StoreCode.DAMAGED, "the store has lost its position");
            return new Standing(new Position(rows.getLong(1), rows.getLong(2)), rows.getLong(3));
        }
    }

    static Optional<Row> current(Connection connection, ResourceKey key) throws SQLException {
        try (var select = connection.prepareStatement("SELECT " + COLUMNS
                + " FROM resource WHERE grp = ? AND kind = ? AND namespace = ? AND name = ? AND ended = " + NOW)) {
            bind(select, key);
            try (var rows = select.executeQuery()) {
                return rows.next() ? Optional.of(row(rows)) : Optional.empty();
            }
        }
    }

    /** The state that a row replaced. */
    static Optional<Row> before(Connection connection, Resource later) throws SQLException {
        try (var select = connection.prepareStatement("SELECT " + COLUMNS
                + " FROM resource WHERE grp = ? AND kind = ? AND namespace = ? AND name = ? AND ended = ?")) {
            bind(select, later.key());
            select.setLong(5, later.version());
            try (var rows = select.executeQuery()) {
                return rows.next() ? Optional.of(row(rows)) : Optional.empty();
            }
        }
    }

    /** What was there at a moment, by key. */
    static List<Resource> alive(Connection connection, long version) throws SQLException {
        try (var select = connection.prepareStatement(
                "SELECT " + COLUMNS
                        + " FROM resource WHERE version <= ? AND ended > ? AND deleted = 0 ORDER BY grp, kind, namespace, name")) {
            select.setLong(1, version);
            select.setLong(2, version);
            try (var rows = select.executeQuery()) {
                var found = new ArrayList<Resource>();
                while (rows.next()) found.add(row(rows).resource());
                return found;
            }
        }
    }

    /** States made after a version, in order; stops between two commits once there are {@code limit}. */
    static List<Row> since(Connection connection, long version, int limit) throws SQLException {
        try (var select = connection.prepareStatement(
                "SELECT " + COLUMNS + " FROM resource WHERE version > ? ORDER BY version, place")) {
            select.setLong(1, version);
            try (var rows = select.executeQuery()) {
                var found = new ArrayList<Row>();
                while (rows.next()) {
                    var row = row(rows);
                    var commitBegins = found.isEmpty()
                            || found.getLast().resource().version()
                                    != row.resource().version();
                    if (found.size() >= limit && commitBegins) break;
                    found.add(row);
                }
                return found;
            }
        }
    }

    static Resource insert(Connection connection, Resource resource, int place, boolean deleted) throws SQLException {
        try (var insert = connection.prepareStatement("INSERT INTO resource (" + COLUMNS
                + ", place, ended) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, " + NOW + ")")) {
            bind(insert, resource.key());
            insert.setLong(5, resource.version());
            insert.setBoolean(6, deleted);
            insert.setLong(7, resource.revision());
            insert.setLong(8, resource.generation());
            insert.setString(9, resource.uid());
            insert.setLong(10, resource.created().getEpochSecond());
            insert.setString(11, Json.canonical(resource.manifest().labels()));
            insert.setString(12, Json.canonical(resource.manifest().annotations()));
            insert.setString(13, resource.manifest().body());
            insert.setString(14, resource.status());
            insert.setInt(15, place);
            insert.executeUpdate();
            return resource;
        }
    }

    static void end(Connection connection, ResourceKey key, long version) throws SQLException {
        try (var update = connection.prepareStatement("UPDATE resource SET ended = ?5"
                + " WHERE grp = ?1 AND kind = ?2 AND namespace = ?3 AND name = ?4 AND ended = " + NOW)) {
            bind(update, key);
            update.setLong(5, version);
            update.executeUpdate();
        }
    }

    static void move(Connection connection, Position at, long floor) throws SQLException {
        try (var update = connection.prepareStatement("UPDATE position SET version = ?, revision = ?, floor = ?")) {
            update.setLong(1, at.version());
            update.setLong(2, at.revision());
            update.setLong(3, floor);
            update.executeUpdate();
        }
    }

    static void forget(Connection connection, long floor) throws SQLException {
        try (var delete = connection.prepareStatement(
                "DELETE FROM resource WHERE ended <= ?1 OR (deleted = 1 AND version <= ?1)")) {
            delete.setLong(1, floor);
            delete.executeUpdate();
        }
    }

    private static void bind(PreparedStatement statement, ResourceKey key) throws SQLException {
        statement.setString(1, key.group());
        statement.setString(2, key.kind());
        statement.setString(3, key.namespace());
        statement.setString(4, key.name());
    }

    private static Row row(ResultSet rows) throws SQLException {
        var key = new ResourceKey(rows.getString(1), rows.getString(2), rows.getString(3), rows.getString(4));
        var manifest =
                new Manifest(Json.strings(rows.getString(11)), Json.strings(rows.getString(12)), rows.getString(13));
        var resource = new Resource(
                key,
                manifest,
                rows.getString(9),
                rows.getLong(5),
                rows.getLong(7),
                rows.getLong(8),
                Instant.ofEpochSecond(rows.getLong(10)),
                rows.getString(14));
        return new Row(resource, rows.getBoolean(6));
    }
}
