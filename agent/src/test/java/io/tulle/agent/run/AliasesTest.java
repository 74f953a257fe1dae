package io.tulle.agent.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.tulle.model.Protocol;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.NameSpec;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.Spec;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AliasesTest {
    /** The hook's table and the name server's are made of these names, and the doors of env are looked up by them. */
    @Test
    void anAliasLeadsWhereItsServiceIs() {
        var known = HookTables.of(
                new Aliases(new TreeMap<>(Map.of("mysql_db", "mysql-db", "nobody", "gone"))).in(mesh(), "shop"),
                "shop");
        assertEquals("mysql-db.shop.tulle", known.names().get("mysql_db"));
        assertEquals("mysql-db.shop.tulle", known.names().get("mysql-db"));
        assertFalse(known.names().containsKey("nobody"), "gone is no service");
    }

    @Test
    void anAliasIsANameOfTheListenerToo() {
        var listener = new Aliases(new TreeMap<>(Map.of("mysql_db", "mysql-db")))
                .in(mesh(), "shop")
                .all(ResourceType.LISTENER, ListenerSpec.class)
                .get("mysql-db.shop.tulle:3306");
        assertEquals(
                new ListenerSpec.Place.Outbound(List.of("mysql-db", "mysql_db"), List.of(), 3306), listener.place());
    }

    @Test
    void aNameOfTheMeshIsNeverTakenOver() {
        var aliases = new Aliases(new TreeMap<>(Map.of("cart", "mysql-db")));
        assertEquals(
                HookTables.of(mesh(), "shop").names(),
                HookTables.of(aliases.in(mesh(), "shop"), "shop").names());
    }

    @Test
    void withoutAliasesNothingChanges() {
        assertEquals(mesh(), new Aliases(new TreeMap<>()).in(mesh(), "shop"));
    }

    private static Snapshot mesh() {
        return Snapshot.of(List.<Spec>of(
                name("mysql-db", 3306), name("cart", 3306), listener("mysql-db", 3306), listener("cart", 3306)));
    }

    private static NameSpec name(String service, int port) {
        var ports = new TreeMap<>(Map.of(port, Protocol.TCP));
        return new NameSpec(service + ".shop.tulle", List.of(), List.of(), ports, false);
    }

    private static ListenerSpec listener(String service, int port) {
        return new ListenerSpec(
                service + ".shop.tulle:" + port,
                new ListenerSpec.Place.Outbound(List.of(service), List.of(), port),
                List.of());
    }
}
