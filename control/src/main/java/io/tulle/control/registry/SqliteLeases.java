package io.tulle.control.registry;

import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.SpiffeId;
import io.tulle.model.world.Instance;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.Serving;
import io.tulle.model.world.Workload;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Leases in two tables of SQLite: an instance, and its facts by kind; a third has the names of services that are gone. The connection is shared under its own lock and left
 * in autocommit; with {@code synchronous=FULL} what was stored survives a {@code kill -9}.
 */
public final class SqliteLeases implements LeaseStore {
    private static final List<String> TABLES = List.of("""
            CREATE TABLE IF NOT EXISTS leases (
              instance TEXT PRIMARY KEY, identity TEXT NOT NULL, namespace TEXT NOT NULL, service TEXT NOT NULL,
              account TEXT NOT NULL, address TEXT NOT NULL, mesh_port INTEGER NOT NULL, liveness TEXT NOT NULL,
              software TEXT NOT NULL) STRICT""", """
            CREATE TABLE IF NOT EXISTS lease_facts (
              instance TEXT NOT NULL, kind TEXT NOT NULL, place INTEGER NOT NULL, number INTEGER NOT NULL,
              name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (instance, kind, place)) STRICT, WITHOUT ROWID""", """
            CREATE TABLE IF NOT EXISTS departed (
              namespace TEXT NOT NULL, service TEXT NOT NULL, since INTEGER NOT NULL, ports TEXT NOT NULL,
              PRIMARY KEY (namespace, service)) STRICT, WITHOUT ROWID""");
    private static final String LABEL = "label";
    private static final String PORT = "port";
    private static final String DOOR = "door";
    private static final String CAPABILITY = "capability";
    private static final String UNPROVEN = "unproven";
    private static final String HOST = "host";
    private static final String CLOSED = "closed";
    private static final String ELSEWHERE = "elsewhere";
    private static final String UNWELL = "unwell";

    private final Connection connection;

    public SqliteLeases(Connection connection) {
        this.connection = connection;
        atomically(() -> {
            for (var table : TABLES) run(table, PreparedStatement::execute);
            return true;
        });
    }

    @Override
    public void save(StoredLease lease) {
        atomically(() -> {
            delete(lease.instance().id());
            insert(lease);
            var facts = factsOf(lease);
            for (int place = 0; place < facts.size(); place++)
                insert(lease.instance().id(), place, facts.get(place));
            return true;
        });
    }

    @Override
    public void remove(String instance) {
        atomically(() -> delete(instance));
    }

    @Override
    public List<StoredLease> all() {
        return atomically(() -> run("SELECT * FROM leases ORDER BY instance", statement -> {
            var found = new ArrayList<StoredLease>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) found.add(lease(rows));
            }
            return found;
        }));
    }

    @Override
    public void bury(Tombstone tombstone) {
        var ports = tombstone.ports().stream()
                .map(port -> port.port() + "/" + port.protocol().written())
                .collect(Collectors.joining(" "));
        atomically(() -> run("INSERT OR REPLACE INTO departed VALUES (?, ?, ?, ?)", statement -> {
            statement.setString(1, tombstone.service().namespace());
            statement.setString(2, tombstone.service().name());
            statement.setLong(3, tombstone.since().toEpochMilli());
            statement.setString(4, ports);
            return statement.executeUpdate();
        }));
    }

    @Override
    public void unbury(ServiceName service) {
        atomically(() -> run("DELETE FROM departed WHERE namespace = ? AND service = ?", statement -> {
            statement.setString(1, service.namespace());
            statement.setString(2, service.name());
            return statement.executeUpdate();
        }));
    }

    @Override
    public List<Tombstone> tombstones() {
        return atomically(() -> run("SELECT * FROM departed ORDER BY namespace, service", statement -> {
            var found = new ArrayList<Tombstone>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) found.add(tombstone(rows));
            }
            return found;
        }));
    }

    private static Tombstone tombstone(ResultSet row) throws SQLException {
        var ports = new ArrayList<ServicePort>();
        for (var port : row.getString("ports").split(" ")) {
            var slash = port.indexOf('/');
            if (slash > 0)
                ports.add(new ServicePort(
                        Integer.parseInt(port.substring(0, slash)),
                        Protocol.parse(port.substring(slash + 1)).orElseThrow()));
        }
        return new Tombstone(
                new ServiceName(row.getString("namespace"), row.getString("service")),
                ports,
                Instant.ofEpochMilli(row.getLong("since")));
    }

    /** One row of what an instance has several of. */
    private record Fact(String kind, int number, String name, String value) {}

    private static List<Fact> factsOf(StoredLease lease) {
        var workload = lease.instance().workload();
        var facts = new ArrayList<Fact>();
        if (!lease.host().isEmpty()) facts.add(new Fact(HOST, 0, lease.host(), ""));
        workload.labels().forEach((name, value) -> facts.add(new Fact(LABEL, 0, name, value)));
        workload.ports()
                .forEach(
                        p -> facts.add(new Fact(PORT, p.port(), "", p.protocol().written())));
        workload.doors().forEach(d -> facts.add(new Fact(DOOR, d.port(), d.address(), Integer.toString(d.bound()))));
        lease.instance().node().capabilities().forEach(name -> facts.add(new Fact(CAPABILITY, 0, name, "")));
        workload.unproven().forEach(key -> facts.add(new Fact(UNPROVEN, 0, key, "")));
        var why = workload.serving().isUnwell() ? UNWELL : ""; // an older control plane reads past it
        workload.serving().closed().forEach(port -> facts.add(new Fact(CLOSED, port, why, "")));
        workload.serving().elsewhere().forEach(port -> facts.add(new Fact(ELSEWHERE, port, "", "")));
        return facts;
    }

    private StoredLease lease(ResultSet row) throws SQLException {
        var id = row.getString("instance");
        var labels = new TreeMap<String, String>();
        var ports = new ArrayList<ServicePort>();
        var doors = new ArrayList<Workload.Door>();
        var capabilities = new TreeSet<String>();
        var unproven = new TreeSet<String>();
        var host = "";
        var closed = new TreeSet<Integer>();
        var elsewhere = new TreeSet<Integer>();
        var unwell = false;
        for (var fact : facts(id)) {
            switch (fact.kind()) {
                case LABEL -> labels.put(fact.name(), fact.value());
                case PORT ->
                    ports.add(new ServicePort(
                            fact.number(), Protocol.parse(fact.value()).orElseThrow()));
                case DOOR -> doors.add(new Workload.Door(fact.number(), fact.name(), Integer.parseInt(fact.value())));
                case CAPABILITY -> capabilities.add(fact.name());
                case UNPROVEN -> unproven.add(fact.name());
                case HOST -> host = fact.name();
                case CLOSED -> {
                    closed.add(fact.number());
                    unwell |= fact.name().equals(UNWELL);
                }
                case ELSEWHERE -> elsewhere.add(fact.number());
                default -> throw new SQLException("an unknown kind of fact: " + fact.kind());
            }
        }
        var workload = new Workload(
                id,
                new ServiceName(row.getString("namespace"), row.getString("service")),
                row.getString("account"),
                labels,
                row.getString("address"),
                row.getInt("mesh_port"),
                ports,
                doors,
                unproven,
                new Serving(closed, elsewhere, unwell));
        var instance = Instance.of(workload, capabilities, Instance.Liveness.valueOf(row.getString("liveness")));
        return new StoredLease(
                instance, SpiffeId.parse(row.getString("identity")).orElseThrow(), row.getString("software"), host);
    }

    private List<Fact> facts(String instance) throws SQLException {
        return run("SELECT kind, number, name, value FROM lease_facts WHERE instance = ? ORDER BY place", statement -> {
            statement.setString(1, instance);
            var found = new ArrayList<Fact>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(new Fact(rows.getString(1), rows.getInt(2), rows.getString(3), rows.getString(4)));
                }
            }
            return found;
        });
    }

    private void insert(StoredLease lease) throws SQLException {
        var workload = lease.instance().workload();
        run("INSERT INTO leases VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", statement -> {
            statement.setString(1, workload.id());
            statement.setString(2, lease.identity().uri());
            statement.setString(3, workload.service().namespace());
            statement.setString(4, workload.service().name());
            statement.setString(5, workload.account());
            statement.setString(6, workload.address());
            statement.setInt(7, workload.meshPort());
            statement.setString(8, lease.instance().liveness().name());
            statement.setString(9, lease.software());
            return statement.executeUpdate();
        });
    }

    private void insert(String instance, int place, Fact fact) throws SQLException {
        run("INSERT INTO lease_facts VALUES (?, ?, ?, ?, ?, ?)", statement -> {
            statement.setString(1, instance);
            statement.setString(2, fact.kind());
            statement.setInt(3, place);
            statement.setInt(4, fact.number());
            statement.setString(5, fact.name());
            statement.setString(6, fact.value());
            return statement.executeUpdate();
        });
    }

    private boolean delete(String instance) throws SQLException {
        for (var table : List.of("leases", "lease_facts")) {
            run("DELETE FROM " + table + " WHERE instance = ?", statement -> {
                statement.setString(1, instance);
                return statement.executeUpdate();
            });
        }
        return true;
    }

    private interface Work<T> {
        T on(PreparedStatement statement) throws SQLException;
    }

    private interface Step<T> {
        T take() throws SQLException;
    }

    private <T> T run(String sql, Work<T> work) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            return work.on(statement);
        }
    }

    /** All of it or nothing; what is malformed in the file is a failure of the store, too. */
    private <T> T atomically(Step<T> step) {
        synchronized (connection) {
            try {
                connection.setAutoCommit(false);
                try {
                    var result = step.take();
                    connection.commit();
                    return result;
                } catch (SQLException | RuntimeException e) {
                    connection.rollback();
                    throw e;
                } finally {
                    connection.setAutoCommit(true);
                }
            } catch (SQLException | RuntimeException e) {
                throw new LeaseStoreException(e);
            }
        }
    }
}
