package io.tulle.control.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteException;

/** SQLite's own settings and error numbers, in one place. */
final class SqliteFile {
    private static final int PRIMARY = 0xff; // extended result codes keep the primary one in the low byte
    private static final int PERM = 3;
    private static final int READONLY = 8;
    private static final int IOERR = 10;
    private static final int CORRUPT = 11;
    private static final int FULL = 13;
    private static final int CANTOPEN = 14;
    private static final int NOTADB = 26;

    private SqliteFile() {}

    static Connection connect(Path file) throws SQLException {
        var config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(5_000);
        config.enforceForeignKeys(true);
        var connection = config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
        try {
            execute(connection, "PRAGMA trusted_schema = OFF");
            execute(connection, "PRAGMA cell_size_check = ON");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Reads every page once: a damaged store must be found at the start, not by the policy that is missing. */
    static void check(Connection connection, Path file) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("PRAGMA integrity_check(1)")) {
            var verdict = rows.next() ? rows.getString(1) : "no answer";
            if (!verdict.equals("ok")) {
                throw new StoreException(StoreCode.DAMAGED, file + " is damaged: " + verdict);
            }
        }
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** After some errors SQLite has already rolled back by itself. */
    static void undo(Connection connection) {
        try {
            execute(connection, "ROLLBACK");
        } catch (SQLException _) { // no transaction is left to undo, or the error being thrown says why not
        }
    }

    static StoreException failure(SQLException e, String doing) {
        var message = "cannot " + doing + ": " + e.getMessage();
        if (!(e instanceof SQLiteException sqlite)) {
            // The driver itself, not SQLite: the connection was closed under the caller.
            return new StoreException(StoreCode.CLOSED, message, e);
        }
        return new StoreException(codeOf(sqlite.getResultCode().code & PRIMARY), message, e);
    }

    private static StoreCode codeOf(int result) {
        return switch (result) {
            case FULL -> StoreCode.FULL;
            case CORRUPT, NOTADB -> StoreCode.DAMAGED;
            case PERM, CANTOPEN -> StoreCode.UNREADABLE;
            case READONLY, IOERR -> StoreCode.WRITE_FAILED;
            default -> StoreCode.WRITE_FAILED;
        };
    }
}
