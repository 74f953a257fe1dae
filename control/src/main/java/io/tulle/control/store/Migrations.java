package io.tulle.control.store;

import java.sql.Connection;
import java.sql.SQLException;

/** Which version each owner's tables have, and the way from there to here. */
final class Migrations {
    private Migrations() {}

    static void run(Connection connection, Schema schema) throws SQLException {
        SqliteFile.execute(
                connection,
                "CREATE TABLE IF NOT EXISTS schema_version (owner TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT");
        var known = schema.steps().size();
        var found = versionOf(connection, schema.owner());
        if (found > known) {
            throw new StoreException(
                    StoreCode.NEWER,
                    "the tables of '" + schema.owner() + "' have version " + found + ", this program knows " + known);
        }
        for (var statements : schema.steps().subList(found, known)) {
            for (var sql : statements) SqliteFile.execute(connection, sql);
        }
        record(connection, schema.owner(), known);
    }

    private static int versionOf(Connection connection, String owner) throws SQLException {
        try (var select = connection.prepareStatement("SELECT version FROM schema_version WHERE owner = ?")) {
            select.setString(1, owner);
            try (var rows = select.executeQuery()) {
                return rows.next() ? rows.getInt(1) : 0;
            }
        }
    }

    private static void record(Connection connection, String owner, int version) throws SQLException {
        try (var insert = connection.prepareStatement("INSERT INTO schema_version (owner, version) VALUES (?, ?) "
                + "ON CONFLICT (owner) DO UPDATE SET version = excluded.version")) {
            insert.setString(1, owner);
            insert.setInt(2, version);
            insert.executeUpdate();
        }
    }
}
