package io.tulle.xds.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.tulle.model.Problem;
import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.world.Claimant;
import io.tulle.model.world.Instance;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.Serving;
import io.tulle.model.world.Workload;
import io.tulle.xds.Reply;
import io.tulle.xds.XdsCode;
import io.tulle.xds.registry.Announcement;
import io.tulle.xds.wire.holding.Register;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RegisterReaderTest {
    private static final Workload CART = Workload.of(
            "cart-1",
            new ServiceName("shop", "cart"),
            "cart",
            Map.of("version", "v1", "team", "déjà vu"),
            "127.0.0.1",
            31000,
            List.of(
                    new ServicePort(4000, Protocol.NEST_TCP),
                    new ServicePort(3000, Protocol.HTTP),
                    new ServicePort(9, Protocol.UNDECLARED)),
            List.of(new Workload.Door(3000, "0.0.0.0", 8080)));
    private static final Announcement GOOD = new Announcement(
            Instance.of(CART, Set.of("delta", "nest-tcp"), Instance.Liveness.LIVE),
            "0.1.0",
            "5b3d3f3e-boot",
            new Claimant("run-1", true));

    @Test
    void readsWhatAGoodSidecarSays() {
        assertEquals(GOOD, accepted(Wires.encode(GOOD)));
        assertEquals(
                "2001:db8::1",
                accepted(register(to -> to.setAddress("2001:db8::1")))
                        .instance()
                        .workload()
                        .address());
    }

    @Test
    void ofThePortsThatAreListenedOnOnlyWhatCanBeIsRead() {
        var said = Serving.of(List.of(3000, 5000), List.of(4555, 4000, 70000));

        var read = accepted(register(to -> to.setServing(Wires.encode(said))));

        assertEquals(GOOD.serving(Serving.of(List.of(3000), List.of(4555))), read);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void refusesWhatIsHostileWithAReason(String name, XdsCode expected, Register said) {
        var refusal = refused(said);

        assertEquals(expected.code(), refusal.code(), name);
        assertFalse(refusal.message().contains("\n"), "no hostile text in a message");
        assertEquals(GOOD, accepted(Wires.encode(GOOD)), "a good one passes after it");
    }

    static Stream<Arguments> hostile() {
        return Stream.of(
                bad("an id with capitals", XdsCode.NAME_UNFIT, register(to -> to.setId("Cart"))),
                bad("an id with a dot", XdsCode.NAME_UNFIT, register(to -> to.setId("cart.1"))),
                bad("an id that breaks a log line", XdsCode.NAME_UNFIT, register(to -> to.setId("cart\nx"))),
                bad("no id", XdsCode.NAME_UNFIT, register(to -> to.setId(""))),
                bad("an id of 64", XdsCode.NAME_UNFIT, register(to -> to.setId("c".repeat(64)))),
                bad("a service with a slash", XdsCode.NAME_UNFIT, register(to -> to.setService("a/b"))),
                bad("a service of another script", XdsCode.NAME_UNFIT, register(to -> to.setService("c\u0430rt"))),
                bad("a namespace of dots", XdsCode.NAME_UNFIT, register(to -> to.setNamespace(".."))),
                bad("a capability with spaces", XdsCode.NAME_UNFIT, capabilities(List.of("a b"))),
                bad("an empty capability", XdsCode.NAME_UNFIT, capabilities(List.of(""))),
                bad("a version of two lines", XdsCode.NAME_UNFIT, register(to -> to.setVersion("1\n2"))),
                bad("33 capabilities", XdsCode.TOO_MANY, capabilities(Collections.nCopies(33, "x"))),
                bad("65 ports", XdsCode.TOO_MANY, ports(Collections.nCopies(65, port(1, "")))),
                bad("65 doors", XdsCode.TOO_MANY, doors(Collections.nCopies(65, door(3000, "::1", 1)))),
                bad("65 labels", XdsCode.TOO_MANY, labels(many())),
                bad("a label without a name", XdsCode.LABELS_UNFIT, labels(Map.of("", "x"))),
                bad("a label's name with a space", XdsCode.LABELS_UNFIT, labels(Map.of("a b", "x"))),
                bad("a label's value with NUL", XdsCode.LABELS_UNFIT, labels(Map.of("a", "x\0"))),
                bad("a label's value of 1 MB", XdsCode.LABELS_UNFIT, labels(Map.of("a", "x".repeat(1_000_000)))),
                bad("a host name", XdsCode.ADDRESS_UNFIT, register(to -> to.setAddress("localhost"))),
                bad("no address", XdsCode.ADDRESS_UNFIT, register(to -> to.setAddress(""))),
                bad("the wildcard", XdsCode.ADDRESS_UNFIT, register(to -> to.setAddress("0.0.0.0"))),
                bad("the IPv6 wildcard", XdsCode.ADDRESS_UNFIT, register(to -> to.setAddress("::"))),
                bad("multicast", XdsCode.ADDRESS_UNFIT, register(to -> to.setAddress("224.0.0.1"))),
                bad("the metadata service", XdsCode.ADDRESS_UNFIT, register(to -> to.setAddress("169.254.169.254"))),
                bad("link-local of IPv6", XdsCode.ADDRESS_UNFIT, register(to -> to.setAddress("fe80::1"))),
                bad(
                        "the metadata service, mapped",
                        XdsCode.ADDRESS_UNFIT,
                        register(to -> to.setAddress("::ffff:169.254.169.254"))),
                bad("the broadcast", XdsCode.ADDRESS_UNFIT, register(to -> to.setAddress("255.255.255.255"))),
                bad("this network", XdsCode.ADDRESS_UNFIT, register(to -> to.setAddress("0.1.2.3"))),
                bad("a short form", XdsCode.ADDRESS_UNFIT, register(to -> to.setAddress("127.1"))),
                bad("one number", XdsCode.ADDRESS_UNFIT, register(to -> to.setAddress("2130706433"))),
                bad("octal", XdsCode.ADDRESS_UNFIT, register(to -> to.setAddress("0177.0.0.1"))),
                bad("a zone", XdsCode.ADDRESS_UNFIT, register(to -> to.setAddress("fe80::1%eth0"))),
                bad("a port in it", XdsCode.ADDRESS_UNFIT, register(to -> to.setAddress("127.0.0.1:80"))),
                bad("mesh port 0", XdsCode.PORTS_UNFIT, register(to -> to.setMeshPort(0))),
                bad("mesh port 65536", XdsCode.PORTS_UNFIT, register(to -> to.setMeshPort(65536))),
                bad("mesh port -1", XdsCode.PORTS_UNFIT, register(to -> to.setMeshPort(-1))),
                bad("port 0", XdsCode.PORTS_UNFIT, ports(List.of(port(0, "http")))),
                bad("port 70000", XdsCode.PORTS_UNFIT, ports(List.of(port(70000, "http")))),
                bad("a port twice", XdsCode.PORTS_UNFIT, ports(List.of(port(1, "http"), port(1, "tcp")))),
                bad("an unknown protocol", XdsCode.PORTS_UNFIT, ports(List.of(port(1, "gopher")))),
                bad("a door to nowhere", XdsCode.PORTS_UNFIT, doors(List.of(door(5000, "127.0.0.1", 80)))),
                bad("a door bound to port 0", XdsCode.PORTS_UNFIT, doors(List.of(door(3000, "127.0.0.1", 0)))),
                bad("a door bound to a name", XdsCode.PORTS_UNFIT, doors(List.of(door(3000, "evil.example", 80)))));
    }

    private static Arguments bad(String name, XdsCode code, Register said) {
        return Arguments.of(name, code, said);
    }

    private static Announcement accepted(Register said) {
        return switch (RegisterReader.read(said)) {
            case Reply.Granted<Announcement>(var read) -> read;
            case Reply.Refused<Announcement>(var problem) -> throw new AssertionError(problem.explained());
        };
    }

    private static Problem refused(Register said) {
        return assertInstanceOf(Reply.Refused.class, RegisterReader.read(said)).problem();
    }

    /** The good one, but for one thing. */
    private static Register register(UnaryOperator<Register.Builder> change) {
        return change.apply(Wires.encode(GOOD).toBuilder()).build();
    }

    private static Register labels(Map<String, String> labels) {
        return register(to -> to.clearLabels().putAllLabels(labels));
    }

    private static Register ports(List<Register.Port> ports) {
        return register(to -> to.clearPorts().clearDoors().addAllPorts(ports));
    }

    private static Register doors(List<Register.Door> doors) {
        return register(to -> to.clearDoors().addAllDoors(doors));
    }

    private static Register capabilities(List<String> capabilities) {
        return register(to -> to.clearCapabilities().addAllCapabilities(capabilities));
    }

    private static Register.Port port(int port, String protocol) {
        return Register.Port.newBuilder().setPort(port).setProtocol(protocol).build();
    }

    private static Register.Door door(int port, String address, int bound) {
        return Register.Door.newBuilder()
                .setPort(port)
                .setAddress(address)
                .setBound(bound)
                .build();
    }

    private static Map<String, String> many() {
        var labels = new HashMap<String, String>();
        for (int i = 0; i < 65; i++) labels.put("l" + i, "x");
        return labels;
    }
}
