package io.tulle.control.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tulle.model.ServiceName;
import io.tulle.model.SpiffeId;
import io.tulle.model.world.Instance;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseStoreTest {
    @TempDir
    Path home;

    @Test
    void givesBackWhatItWasGivenAfterARestart() throws Exception {
        var one = lease("cart-1");
        var two = lease("cart-2");
        var suspect = new StoredLease(one.instance().as(Instance.Liveness.SUSPECT), one.identity(), "0.2.0");
        try (var connection = connect()) {
            var store = new SqliteLeases(connection);
            store.save(two);
            store.save(one);
            store.save(suspect);
            store.save(lease("cart-3"));
            store.remove("cart-3");
            store.remove("unknown");
        }

        try (var connection = connect()) {
            assertEquals(List.of(suspect, two), new SqliteLeases(connection).all());
        }
    }

    @Test
    void givesBackTheNamesOfServicesThatAreGone() throws Exception {
        var ports = lease("cart-1").instance().workload().ports();
        var cart = new Tombstone(new ServiceName("shop", "cart"), ports, Instant.parse("2026-03-01T10:00:00Z"));
        var web = new Tombstone(new ServiceName("shop", "web"), List.of(), Instant.parse("2026-03-02T10:00:00Z"));
        try (var connection = connect()) {
            var store = new SqliteLeases(connection);
            store.bury(new Tombstone(cart.service(), List.of(), Instant.EPOCH));
            store.bury(cart);
            store.bury(web);
            store.bury(new Tombstone(new ServiceName("shop", "gone"), ports, Instant.EPOCH));
            store.unbury(new ServiceName("shop", "gone"));
        }

        try (var connection = connect()) {
            assertEquals(List.of(cart, web), new SqliteLeases(connection).tombstones());
        }
    }

    @Test
    void keepsTheOldLeaseWhereTheNewOneFailsHalfway() throws Exception {
        try (var connection = connect()) {
            var store = new SqliteLeases(connection);
            store.save(lease("cart-1"));
            run(connection, "CREATE TRIGGER full BEFORE INSERT ON lease_facts BEGIN SELECT RAISE(ABORT, 'full'); END");

            var changed =
                    new StoredLease(lease("cart-1").instance(), lease("cart-1").identity(), "0.2.0");
            var thrown = assertThrows(LeaseStoreException.class, () -> store.save(changed));

            assertEquals("TUL1558", thrown.problem().code());
            assertEquals(List.of(lease("cart-1")), store.all());
            run(connection, "DROP TRIGGER full");
            store.save(changed);
            assertEquals(List.of(changed), store.all());
        }
    }

    @Test
    void saysSoWhereTheFileIsDamaged() throws Exception {
        try (var connection = connect()) {
            var store = new SqliteLeases(connection);
            store.save(lease("cart-1"));
            run(connection, "UPDATE leases SET namespace = 'not a label'");

            assertThrows(LeaseStoreException.class, store::all);
        }
        Files.writeString(home.resolve("leases.db"), "this is no database, whatever its name says".repeat(100));
        try (var connection = connect()) {
            assertThrows(LeaseStoreException.class, () -> new SqliteLeases(connection));
        }
    }

    private static StoredLease lease(String id) {
        return new StoredLease(Announced.cart(id).instance(), SpiffeId.of("tulle", "shop", "cart"), "0.1.0");
    }

    private static void run(Connection connection, String sql) throws Exception {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection connect() throws Exception {
        return DriverManager.getConnection("jdbc:sqlite:" + home.resolve("leases.db"));
    }
}
