package io.tulle.control.registry;

import io.tulle.control.identity.Checked;
import io.tulle.model.Problem;
import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.world.Instance;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.Serving;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/** Judges announced facts once; past it, nothing is asked again. Refusals never repeat hostile text. */
final class FactsReader {
    private static final int MOST_PORTS = 64;
    private static final int MOST_LABELS = 64;
    private static final int MOST_CAPABILITIES = 32;

    private FactsReader() {}

    static Checked<Instance> read(Facts facts) {
        return Stream.<Optional<Problem>>of(counts(facts), names(facts), labels(facts), address(facts), ports(facts))
                .flatMap(Optional::stream)
                .findFirst()
                .<Checked<Instance>>map(Checked::refused)
                .orElseGet(() -> Checked.fit(instance(facts)));
    }

    private static Optional<Problem> counts(Facts facts) {
        var fits = facts.ports().size() <= MOST_PORTS
                && facts.doors().size() <= MOST_PORTS
                && facts.labels().size() <= MOST_LABELS
                && facts.capabilities().size() <= MOST_CAPABILITIES;
        return fits ? Optional.empty() : Optional.of(RegistryCode.TOO_MANY.problem());
    }

    private static Optional<Problem> names(Facts facts) {
        if (!ServiceName.isLabel(facts.instance())) return unfitName("the instance id is no DNS label");
        if (!ServiceName.isLabel(facts.namespace())) return unfitName("the namespace is no DNS label");
        if (!ServiceName.isLabel(facts.service())) return unfitName("the service's name is no DNS label");
        for (var capability : facts.capabilities()) {
            var isWord = all(capability, 1, 63, c -> isLower(c) || isDigit(c) || c == '-' || c == '.');
            if (!isWord) return unfitName("a capability is a short word of a-z, 0-9, '-' and '.'");
        }
        if (!all(facts.host(), 0, 64, c -> c > ' ' && c < 0x7f)) return unfitName("the host's id is printable");
        if (!all(facts.claimant().run(), 0, 64, c -> c > ' ' && c < 0x7f))
            return unfitName("the run's id is printable");
        return all(facts.software(), 0, 64, c -> c >= ' ' && c < 0x7f)
                ? Optional.empty()
                : unfitName("the sidecar's version has at most 64 printable characters");
    }

    private static Optional<Problem> labels(Facts facts) {
        for (var label : facts.labels().entrySet()) {
            var fits = all(label.getKey(), 1, 253, c -> c > ' ' && c < 0x7f)
                    && all(label.getValue(), 0, 1024, c -> !Character.isISOControl(c));
            if (!fits) return Optional.of(RegistryCode.LABELS_UNFIT.problem());
        }
        return Optional.empty();
    }

    private static Optional<Problem> address(Facts facts) {
        var isReachable = literal(facts.address())
                .filter(address -> !address.isAnyLocalAddress() && !address.isMulticastAddress() && isDialled(address))
                .isPresent();
        return isReachable ? Optional.empty() : Optional.of(RegistryCode.ADDRESS_UNFIT.problem());
    }

    /** Link-local addresses lead to the cloud's metadata service, and to other hosts from each host; others lead nowhere. */
    private static boolean isDialled(InetAddress address) {
        if (address.isLinkLocalAddress()) return false;
        var bytes = address.getAddress();
        var first = bytes[0] & 0xff;
        return bytes.length != 4 || (first != 0 && first < 240); // "this network"; reserved, and the broadcast
    }

    private static Optional<Problem> ports(Facts facts) {
        if (!isPort(facts.meshPort())) return unfitPort("the mesh port is no port: " + facts.meshPort());
        Set<Integer> declared = new HashSet<>();
        for (var port : facts.ports()) {
            if (!isPort(port.port())) return unfitPort("no such port: " + port.port());
            if (!declared.add(port.port())) return unfitPort("port " + port.port() + " is declared twice");
            if (port.protocol().length() > 63 || Protocol.parse(port.protocol()).isEmpty()) {
                return unfitPort("port " + port.port() + " has an unknown protocol");
            }
        }
        Set<Integer> published = new HashSet<>();
        for (var door : facts.doors()) {
            if (!published.add(door.port())) return unfitPort("two doors lead to port " + door.port());
            if (!declared.contains(door.port())) {
                return unfitPort("a door leads to port " + door.port() + ", which is not declared");
            }
            if (!isPort(door.bound())) return unfitPort("a door is bound to no port: " + door.bound());
            // A door may be bound to a wildcard: it says where the host's own clients come in, not where peers dial.
            if (literal(door.address()).isEmpty()) return unfitPort("a door is bound to no literal address");
        }
        return Optional.empty();
    }

    private static Instance instance(Facts facts) {
        return new Instance(
                        facts.instance(),
                        new ServiceName(facts.namespace(), facts.service()),
                        facts.account(),
                        new TreeMap<>(facts.labels()),
                        facts.address(),
                        facts.meshPort(),
                        facts.ports().stream()
                                .map(p -> new ServicePort(
                                        p.port(), Protocol.parse(p.protocol()).orElseThrow()))
                                .toList(),
                        facts.doors().stream()
                                .map(d -> new Instance.Door(d.port(), d.address(), d.bound()))
                                .toList(),
                        new TreeSet<>(List.copyOf(facts.capabilities())),
                        Instance.Liveness.LIVE)
                .serving(serving(facts.ports().stream().map(Facts.Port::port).toList(), facts.serving()));
    }

    /** Of what is said of ports only what can be: closed are declared ones, the others are few. */
    static Serving serving(List<Integer> declared, Serving said) {
        return Serving.of(
                said.closed().stream().filter(declared::contains).toList(),
                said.elsewhere().stream()
                        .filter(FactsReader::isPort)
                        .filter(port -> !declared.contains(port))
                        .limit(MOST_PORTS)
                        .toList());
    }

    /** An address as itself: names are not looked up, and forms that others may read otherwise ({@code 127.1}) are none. */
    private static Optional<InetAddress> literal(String text) {
        if (!all(text, 2, 45, c -> isDigit(c) || (c >= 'a' && c <= 'f') || c == '.' || c == ':')) {
            return Optional.empty();
        }
        try {
            var address = InetAddress.ofLiteral(text);
            var isOneForm = text.contains(":") || address.getHostAddress().equals(text);
            return isOneForm ? Optional.of(address) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static boolean isPort(int port) {
        return port >= 1 && port <= 65535;
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLower(int c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean all(String text, int least, int most, IntPredicate fits) {
        return text.length() >= least && text.length() <= most && text.chars().allMatch(fits);
    }

    private static Optional<Problem> unfitName(String message) {
        return Optional.of(RegistryCode.NAME_UNFIT.problem(message));
    }

    private static Optional<Problem> unfitPort(String message) {
        return Optional.of(RegistryCode.PORTS_UNFIT.problem(message));
    }
}
