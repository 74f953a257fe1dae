package io.tulle.control.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.world.Instance;
import io.tulle.model.world.ServicePort;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FactsReaderTest {
    private static final Facts GOOD = Announced.cart("cart-1");

    @Test
    void readsWhatAGoodSidecarSays() {
        var expected = new Instance(
                "cart-1",
                new ServiceName("shop", "cart"),
                "cart",
                new TreeMap<>(GOOD.labels()),
                "127.0.0.1",
                31000,
                List.of(
                        new ServicePort(4000, Protocol.NEST_TCP),
                        new ServicePort(3000, Protocol.HTTP),
                        new ServicePort(9, Protocol.UNDECLARED)),
                List.of(new Instance.Door(3000, "0.0.0.0", 8080)),
                Set.of("delta", "nest-tcp"),
                Instance.Liveness.LIVE);

        assertEquals(Optional.of(expected), FactsReader.read(GOOD).accepted());
        assertEquals(
                "2001:db8::1",
                FactsReader.read(address("2001:db8::1"))
                        .accepted()
                        .orElseThrow()
                        .address());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void refusesHostileFactsWithAReason(String name, RegistryCode expected, Facts facts) {
        var refusal = FactsReader.read(facts).refusal().orElseThrow();

        assertEquals(expected.code(), refusal.code(), name);
        assertFalse(refusal.message().contains("\n"), "no hostile text in a message");
        assertEquals(Optional.empty(), FactsReader.read(GOOD).refusal(), "a good one passes after it");
    }

    static Stream<Arguments> hostile() {
        return Stream.of(
                bad("an id with capitals", RegistryCode.NAME_UNFIT, Announced.cart("Cart")),
                bad("an id with a dot", RegistryCode.NAME_UNFIT, Announced.cart("cart.1")),
                bad("an id that breaks a log line", RegistryCode.NAME_UNFIT, Announced.cart("cart\nx")),
                bad("no id", RegistryCode.NAME_UNFIT, Announced.cart("")),
                bad("an id of 64", RegistryCode.NAME_UNFIT, Announced.cart("c".repeat(64))),
                bad("a service with a slash", RegistryCode.NAME_UNFIT, Announced.of("cart-1", "a/b")),
                bad("a service of another script", RegistryCode.NAME_UNFIT, Announced.of("cart-1", "c\u0430rt")),
                bad(
                        "a namespace of dots",
                        RegistryCode.NAME_UNFIT,
                        with(f -> facts("..", f.labels(), f.address(), 1, f.ports(), f.doors(), f.capabilities(), ""))),
                bad("a capability with spaces", RegistryCode.NAME_UNFIT, capabilities(List.of("a b"))),
                bad("an empty capability", RegistryCode.NAME_UNFIT, capabilities(List.of(""))),
                bad(
                        "a version of two lines",
                        RegistryCode.NAME_UNFIT,
                        with(f -> facts(
                                "shop", f.labels(), f.address(), 1, f.ports(), f.doors(), f.capabilities(), "1\n2"))),
                bad("33 capabilities", RegistryCode.TOO_MANY, capabilities(Collections.nCopies(33, "x"))),
                bad("65 ports", RegistryCode.TOO_MANY, ports(Collections.nCopies(65, new Facts.Port(1, "")))),
                bad("65 doors", RegistryCode.TOO_MANY, doors(Collections.nCopies(65, new Facts.Door(3000, "::1", 1)))),
                bad("65 labels", RegistryCode.TOO_MANY, labels(many())),
                bad("a label without a name", RegistryCode.LABELS_UNFIT, labels(Map.of("", "x"))),
                bad("a label's name with a space", RegistryCode.LABELS_UNFIT, labels(Map.of("a b", "x"))),
                bad("a label's value with NUL", RegistryCode.LABELS_UNFIT, labels(Map.of("a", "x\0"))),
                bad("a label's value of 1 MB", RegistryCode.LABELS_UNFIT, labels(Map.of("a", "x".repeat(1_000_000)))),
                bad("a host name", RegistryCode.ADDRESS_UNFIT, address("localhost")),
                bad("no address", RegistryCode.ADDRESS_UNFIT, address("")),
                bad("the wildcard", RegistryCode.ADDRESS_UNFIT, address("0.0.0.0")),
                bad("the IPv6 wildcard", RegistryCode.ADDRESS_UNFIT, address("::")),
                bad("multicast", RegistryCode.ADDRESS_UNFIT, address("224.0.0.1")),
                bad("the metadata service", RegistryCode.ADDRESS_UNFIT, address("169.254.169.254")),
                bad("link-local of IPv6", RegistryCode.ADDRESS_UNFIT, address("fe80::1")),
                bad("the metadata service, mapped", RegistryCode.ADDRESS_UNFIT, address("::ffff:169.254.169.254")),
                bad("the broadcast", RegistryCode.ADDRESS_UNFIT, address("255.255.255.255")),
                bad("this network", RegistryCode.ADDRESS_UNFIT, address("0.1.2.3")),
                bad("a short form", RegistryCode.ADDRESS_UNFIT, address("127.1")),
                bad("one number", RegistryCode.ADDRESS_UNFIT, address("2130706433")),
                bad("octal", RegistryCode.ADDRESS_UNFIT, address("0177.0.0.1")),
                bad("a zone", RegistryCode.ADDRESS_UNFIT, address("fe80::1%eth0")),
                bad("a port in it", RegistryCode.ADDRESS_UNFIT, address("127.0.0.1:80")),
                bad("mesh port 0", RegistryCode.PORTS_UNFIT, meshPort(0)),
                bad("mesh port 65536", RegistryCode.PORTS_UNFIT, meshPort(65536)),
                bad("mesh port -1", RegistryCode.PORTS_UNFIT, meshPort(-1)),
                bad("port 0", RegistryCode.PORTS_UNFIT, ports(List.of(new Facts.Port(0, "http")))),
                bad("port 70000", RegistryCode.PORTS_UNFIT, ports(List.of(new Facts.Port(70000, "http")))),
                bad(
                        "a port twice",
                        RegistryCode.PORTS_UNFIT,
                        ports(List.of(new Facts.Port(1, "http"), new Facts.Port(1, "tcp")))),
                bad("an unknown protocol", RegistryCode.PORTS_UNFIT, ports(List.of(new Facts.Port(1, "gopher")))),
                bad(
                        "a door to nowhere",
                        RegistryCode.PORTS_UNFIT,
                        doors(List.of(new Facts.Door(5000, "127.0.0.1", 80)))),
                bad(
                        "a door bound to port 0",
                        RegistryCode.PORTS_UNFIT,
                        doors(List.of(new Facts.Door(3000, "127.0.0.1", 0)))),
                bad(
                        "a door bound to a name",
                        RegistryCode.PORTS_UNFIT,
                        doors(List.of(new Facts.Door(3000, "evil.example", 80)))));
    }

    private static Arguments bad(String name, RegistryCode code, Facts facts) {
        return Arguments.of(name, code, facts);
    }

    private static Facts with(Function<Facts, Facts> change) {
        return change.apply(GOOD);
    }

    private static Facts facts(
            String namespace,
            Map<String, String> labels,
            String address,
            int meshPort,
            List<Facts.Port> ports,
            List<Facts.Door> doors,
            List<String> capabilities,
            String software) {
        return new Facts(
                "cart-1", namespace, "cart", "cart", labels, address, meshPort, ports, doors, capabilities, software);
    }

    private static Facts labels(Map<String, String> labels) {
        return facts("shop", labels, "127.0.0.1", 1, GOOD.ports(), GOOD.doors(), GOOD.capabilities(), "");
    }

    private static Facts address(String address) {
        return facts("shop", GOOD.labels(), address, 1, GOOD.ports(), GOOD.doors(), GOOD.capabilities(), "");
    }

    private static Facts meshPort(int port) {
        return facts("shop", GOOD.labels(), "127.0.0.1", port, GOOD.ports(), GOOD.doors(), GOOD.capabilities(), "");
    }

    private static Facts ports(List<Facts.Port> ports) {
        return facts("shop", GOOD.labels(), "127.0.0.1", 1, ports, List.of(), GOOD.capabilities(), "");
    }

    private static Facts doors(List<Facts.Door> doors) {
        return facts("shop", GOOD.labels(), "127.0.0.1", 1, GOOD.ports(), doors, GOOD.capabilities(), "");
    }

    private static Facts capabilities(List<String> capabilities) {
        return facts("shop", GOOD.labels(), "127.0.0.1", 1, GOOD.ports(), GOOD.doors(), capabilities, "");
    }

    private static Map<String, String> many() {
        var labels = new HashMap<String, String>();
        for (int i = 0; i < 65; i++) labels.put("l" + i, "x");
        return labels;
    }
}
