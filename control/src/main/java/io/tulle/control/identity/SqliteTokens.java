package io.tulle.control.identity;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tokens in a table of SQLite. The connection is shared under its own lock, in autocommit and with {@code
 * synchronous=FULL}, so that a use that was taken stays taken through a {@code kill -9}.
 */
public final class SqliteTokens implements TokenStore {
    private static final String TABLE = """
            CREATE TABLE IF NOT EXISTS join_tokens (
              id TEXT PRIMARY KEY, secret_hash TEXT NOT NULL, root_digest TEXT NOT NULL, namespace TEXT NOT NULL,
              account TEXT NOT NULL, uses_left INTEGER NOT NULL, expires_ms INTEGER NOT NULL,
              claims TEXT NOT NULL DEFAULT '') STRICT""";
    private static final String COLUMNS =
            "id, secret_hash, root_digest, namespace, account, uses_left, expires_ms, claims";

    private final Connection connection;

    public SqliteTokens(Connection connection) {
        this.connection = connection;
        run(TABLE, PreparedStatement::execute);
        if (!hasClaims()) {
            // A file of an older version: its tokens cover what their accounts may claim anyway.
            run("ALTER TABLE join_tokens ADD COLUMN claims TEXT NOT NULL DEFAULT ''", PreparedStatement::execute);
        }
    }

    private boolean hasClaims() {
        return run("SELECT 1 FROM pragma_table_info('join_tokens') WHERE name = 'claims'", statement -> {
            try (var rows = statement.executeQuery()) {
                return rows.next();
            }
        });
    }

    @Override
    public void save(TokenGrant grant) {
        run("INSERT INTO join_tokens (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)", statement -> {
            statement.setString(1, grant.id());
            statement.setString(2, grant.secretHash());
            statement.setString(3, grant.rootDigest());
            statement.setString(4, grant.namespace());
            statement.setString(5, grant.account());
            statement.setInt(6, grant.usesLeft());
            statement.setLong(7, grant.expires().toEpochMilli());
            statement.setString(8, grant.claims().text());
            return statement.executeUpdate();
        });
    }

    @Override
    public Optional<TokenGrant> find(String id) {
        return run("SELECT " + COLUMNS + " FROM join_tokens WHERE id = ?", statement -> {
            statement.setString(1, id);
            return grants(statement).stream().findFirst();
        });
    }

    @Override
    public boolean takeUse(String id) {
        return run("UPDATE join_tokens SET uses_left = uses_left - 1 WHERE id = ? AND uses_left > 0", statement -> {
            statement.setString(1, id);
            return statement.executeUpdate() == 1;
        });
    }

    @Override
    public boolean remove(String id) {
        return run("DELETE FROM join_tokens WHERE id = ?", statement -> {
            statement.setString(1, id);
            return statement.executeUpdate() == 1;
        });
    }

    @Override
    public void removeExpired(Instant before) {
        run("DELETE FROM join_tokens WHERE expires_ms < ?", statement -> {
            statement.setLong(1, before.toEpochMilli());
            return statement.executeUpdate();
        });
    }

    @Override
    public List<TokenGrant> all() {
        return run("SELECT " + COLUMNS + " FROM join_tokens ORDER BY id", SqliteTokens::grants);
    }

    private static List<TokenGrant> grants(PreparedStatement statement) throws SQLException {
        var found = new ArrayList<TokenGrant>();
        try (var rows = statement.executeQuery()) {
            while (rows.next()) found.add(grant(rows));
        }
        return found;
    }

    private static TokenGrant grant(ResultSet row) throws SQLException {
        return new TokenGrant(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getInt(6),
                Instant.ofEpochMilli(row.getLong(7)),
                Claims.parse(row.getString(8)).orElseThrow(() -> new SQLException("claims that cannot be read")));
    }

    private interface Work<T> {
        T on(PreparedStatement statement) throws SQLException;
    }

    private <T> T run(String sql, Work<T> work) {
        synchronized (connection) {
            try (var statement = connection.prepareStatement(sql)) {
                return work.on(statement);
            } catch (SQLException e) {
                throw new IdentityException(IdentityCode.STORE_FAILED.problem(), e);
            }
        }
    }
}
