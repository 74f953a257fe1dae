package io.tulle.launch.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.launch.hook.HookTable;
import io.tulle.model.Protocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class GivenNamesTest {
    private final GivenNames names = new GivenNames();

    @Test
    void aNameKeepsItsAddressAlsoWhileItsServiceIsAway() {
        names.know(table("catalog", "catalog.shop"));
        var address = names.addressOf("catalog").orElseThrow();
        var other = names.addressOf("catalog.shop").orElseThrow();
        names.know(HookTable.EMPTY);

        assertEquals(Optional.empty(), names.addressOf("catalog"));
        assertEquals(Optional.of("catalog"), names.meantBy(new InetSocketAddress(address, 3000)));
        names.know(table("cart", "catalog"));
        assertEquals(Optional.of(address), names.addressOf("catalog"));
        assertNotEquals(address, other);
        assertTrue(GivenNames.isGiven(address));
    }

    @Test
    void caseAndTheLastDotDoNotMatter() {
        names.know(table("catalog"));

        assertEquals(names.addressOf("catalog"), names.addressOf("Catalog."));
        assertEquals(Optional.empty(), names.addressOf("catalogs"));
    }

    @Test
    void anotherAddressMeansItself() {
        assertEquals(Optional.empty(), names.meantBy(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.7"), 80)));
    }

    @Test
    void aPortOfLoopbackMeansTheOneServiceOfTheNamespaceThatDeclaresIt() {
        var services = new TreeMap<String, HookTable.Service>(Map.of(
                "cart.shop", service(true, 4000),
                "catalog.shop", service(true, 3000),
                "web.shop", service(true, 3000),
                "other.else", service(false, 7000)));
        names.know(new HookTable(new TreeMap<>(), services, new TreeMap<>()));

        assertEquals(Set.of(4000), names.loopbackPorts());
        assertEquals(Optional.of("cart.shop"), names.meantBy(loopback(4000)));
        assertEquals(Optional.empty(), names.meantBy(loopback(3000)));
        assertEquals(Optional.empty(), names.meantBy(loopback(7000)));
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral("::1"), port);
    }

    private static HookTable table(String... known) {
        var all = new TreeMap<String, String>();
        for (var name : known) all.put(name, name + ".canonical");
        return new HookTable(all, new TreeMap<>(), new TreeMap<>());
    }

    private static HookTable.Service service(boolean local, int port) {
        return new HookTable.Service(new TreeMap<>(Map.of(port, Protocol.HTTP)), local);
    }
}
