package io.tulle.control.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.SpiffeId;
import io.tulle.model.world.Instance;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.Serving;
import io.tulle.model.world.Workload;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a control plane of November 2026 stored, as SQLite's {@code .dump} prints it: a later one must know its instances again. */
class OldLeasesTest {
    private static final String[] DUMP = """
            CREATE TABLE leases (
              instance TEXT PRIMARY KEY, identity TEXT NOT NULL, namespace TEXT NOT NULL, service TEXT NOT NULL,
              account TEXT NOT NULL, address TEXT NOT NULL, mesh_port INTEGER NOT NULL, liveness TEXT NOT NULL,
              software TEXT NOT NULL) STRICT;
            CREATE TABLE lease_facts (
              instance TEXT NOT NULL, kind TEXT NOT NULL, place INTEGER NOT NULL, number INTEGER NOT NULL,
              name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (instance, kind, place)) STRICT, WITHOUT ROWID;
            CREATE TABLE departed (
              namespace TEXT NOT NULL, service TEXT NOT NULL, since INTEGER NOT NULL, ports TEXT NOT NULL,
              PRIMARY KEY (namespace, service)) STRICT, WITHOUT ROWID;
            INSERT INTO leases VALUES('cart-1','spiffe://tulle/ns/shop/sa/seller','shop','cart','seller','10.0.0.7',31000,'SUSPECT','0.1.0');
            INSERT INTO leases VALUES('probe-1','spiffe://tulle/ns/shop/sa/probe','shop','probe','probe','2001:db8::1',1,'LIVE','');
            INSERT INTO lease_facts VALUES('cart-1','host',0,0,'5b3d3f3e-boot','');
            INSERT INTO lease_facts VALUES('cart-1','label',1,0,'team','déjà vu');
            INSERT INTO lease_facts VALUES('cart-1','label',2,0,'version','v1');
            INSERT INTO lease_facts VALUES('cart-1','port',3,4000,'','nest-tcp');
            INSERT INTO lease_facts VALUES('cart-1','port',4,3000,'','http');
            INSERT INTO lease_facts VALUES('cart-1','port',5,9,'','');
            INSERT INTO lease_facts VALUES('cart-1','door',6,3000,'0.0.0.0','8080');
            INSERT INTO lease_facts VALUES('cart-1','capability',7,0,'delta','');
            INSERT INTO lease_facts VALUES('cart-1','capability',8,0,'nest-tcp','');
            INSERT INTO lease_facts VALUES('cart-1','unproven',9,0,'team','');
            INSERT INTO lease_facts VALUES('cart-1','closed',10,4000,'','');
            INSERT INTO lease_facts VALUES('cart-1','elsewhere',11,4555,'','');
            INSERT INTO lease_facts VALUES('probe-1','capability',0,0,'proxyless-grpc','');
            INSERT INTO departed VALUES('shop','mail',1772359200000,'25/tcp 8025/');
            """.split(";\n");

    @TempDir
    Path home;

    @Test
    void whatTodaysVersionStoredIsReadAsItWasMeant() throws Exception {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            for (var each : DUMP) statement.execute(each);

            var store = new SqliteLeases(connection);

            assertEquals(List.of(cart(), probe()), store.all());
            assertEquals(
                    List.of(new Tombstone(
                            new ServiceName("shop", "mail"),
                            List.of(new ServicePort(25, Protocol.TCP), new ServicePort(8025, Protocol.UNDECLARED)),
                            Instant.ofEpochMilli(1772359200000L))),
                    store.tombstones());
        }
    }

    /** The other way: an older control plane reads what this one stores. */
    @Test
    void whatIsStoredTodayIsWrittenAsItWas() throws Exception {
        try (var connection = connect()) {
            var store = new SqliteLeases(connection);
            store.save(cart());
            store.save(probe());

            for (var each : DUMP) {
                if (!each.startsWith("INSERT INTO lease")) continue;
                var table = each.split(" ")[2];
                var row = each.substring(each.indexOf("(") + 1, each.length() - 1);
                assertEquals(1, count(connection, table, row), each);
            }
            assertEquals(13, count(connection, "SELECT count(*) FROM lease_facts"));
        }
    }

    private static StoredLease cart() {
        var workload = new Workload(
                "cart-1",
                new ServiceName("shop", "cart"),
                "seller",
                new TreeMap<>(Map.of("team", "déjà vu", "version", "v1")),
                "10.0.0.7",
                31000,
                List.of(
                        new ServicePort(4000, Protocol.NEST_TCP),
                        new ServicePort(3000, Protocol.HTTP),
                        new ServicePort(9, Protocol.UNDECLARED)),
                List.of(new Workload.Door(3000, "0.0.0.0", 8080)),
                Set.of("team"),
                Serving.of(List.of(4000), List.of(4555)));
        return new StoredLease(
                Instance.of(workload, Set.of("delta", "nest-tcp"), Instance.Liveness.SUSPECT),
                SpiffeId.of("tulle", "shop", "seller"),
                "0.1.0",
                "5b3d3f3e-boot");
    }

    private static StoredLease probe() {
        var workload = Workload.of(
                "probe-1", new ServiceName("shop", "probe"), "probe", Map.of(), "2001:db8::1", 1, List.of(), List.of());
        return new StoredLease(
                Instance.of(workload, Set.of("proxyless-grpc"), Instance.Liveness.LIVE),
                SpiffeId.of("tulle", "shop", "probe"),
                "");
    }

    private static int count(Connection connection, String table, String row) throws Exception {
        var columns = table.equals("leases")
                ? "instance, identity, namespace, service, account, address, mesh_port, liveness, software"
                : "instance, kind, place, number, name, value";
        return count(connection, "SELECT count(*) FROM " + table + " WHERE (" + columns + ") = (" + row + ")");
    }

    private static int count(Connection connection, String sql) throws Exception {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            return rows.getInt(1);
        }
    }

    private Connection connect() throws Exception {
        return DriverManager.getConnection("jdbc:sqlite:" + home.resolve("leases.db"));
    }
}
