package io.tulle.xds.wire;

import io.tulle.model.Problem;
import io.tulle.xds.join.Issued;
import io.tulle.xds.registry.InstanceFacts;
import io.tulle.xds.wire.holding.Register;
import io.tulle.xds.wire.join.Credentials;
import java.util.TreeMap;
import java.util.TreeSet;

/** Our own messages to plain records and back. */
public final class Wires {
    private Wires() {}

    public static Register encode(InstanceFacts facts) {
        var register = Register.newBuilder()
                .setId(facts.id())
                .setNamespace(facts.namespace())
                .setService(facts.service())
                .setAccount(facts.account())
                .putAllLabels(facts.labels())
                .setAddress(facts.address())
                .setMeshPort(facts.meshPort())
                .addAllCapabilities(facts.capabilities())
                .setVersion(facts.version());
        facts.ports()
                .forEach(port -> register.addPortsBuilder().setPort(port.port()).setProtocol(port.protocol()));
        facts.doors()
                .forEach(door -> register.addDoorsBuilder()
                        .setPort(door.port())
                        .setAddress(door.address())
                        .setBound(door.bound()));
        return register.build();
    }

    public static InstanceFacts decode(Register register) {
        return new InstanceFacts(
                register.getId(),
                register.getNamespace(),
                register.getService(),
                register.getAccount(),
                new TreeMap<>(register.getLabelsMap()),
                register.getAddress(),
                register.getMeshPort(),
                register.getPortsList().stream()
                        .map(port -> new InstanceFacts.Port(port.getPort(), port.getProtocol()))
                        .toList(),
                register.getDoorsList().stream()
                        .map(door -> new InstanceFacts.Door(door.getPort(), door.getAddress(), door.getBound()))
                        .toList(),
                new TreeSet<>(register.getCapabilitiesList()),
                register.getVersion());
    }

    public static io.tulle.xds.wire.refusal.Problem encode(Problem problem) {
        return io.tulle.xds.wire.refusal.Problem.newBuilder()
                .setCode(problem.code())
                .setReason(problem.message())
                .setFix(problem.fix())
                .build();
    }

    /** What another version sends may have a code of another shape. */
    public static Problem decode(io.tulle.xds.wire.refusal.Problem problem) {
        var known = problem.getCode().length() == 7 && problem.getCode().startsWith("TUL");
        return Problem.error(
                known ? problem.getCode() : io.tulle.xds.Codes.INVALID, problem.getReason(), problem.getFix());
    }

    public static Credentials encode(Issued issued) {
        return Credentials.newBuilder()
                .setIdentity(issued.identity())
                .setChain(issued.chain())
                .setTrust(issued.trust())
                .setVersion(issued.version())
                .build();
    }

    public static Issued decode(Credentials credentials) {
        return new Issued(
                credentials.getIdentity(), credentials.getChain(), credentials.getTrust(), credentials.getVersion());
    }
}
