package io.tulle.xds.wire;

import io.tulle.model.Problem;
import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.world.Claimant;
import io.tulle.model.world.Instance;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.Workload;
import io.tulle.xds.Reply;
import io.tulle.xds.XdsCode;
import io.tulle.xds.registry.Announcement;
import io.tulle.xds.wire.holding.Register;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/** Judges what an instance says of itself, once; past it, nothing is asked again. Refusals never repeat hostile text. */
public final class RegisterReader {
    private static final int MOST_PORTS = 64;
    private static final int MOST_LABELS = 64;
    private static final int MOST_CAPABILITIES = 32;

    private RegisterReader() {}

    public static Reply<Announcement> read(Register said) {
        return Stream.<Optional<Problem>>of(counts(said), names(said), labels(said), address(said), ports(said))
                .flatMap(Optional::stream)
                .findFirst()
                .<Reply<Announcement>>map(Reply.Refused::new)
                .orElseGet(() -> new Reply.Granted<>(announcement(said)));
    }

    private static Optional<Problem> counts(Register said) {
        var fits = said.getPortsList().size() <= MOST_PORTS
                && said.getDoorsList().size() <= MOST_PORTS
                && said.getLabelsMap().size() <= MOST_LABELS
                && said.getCapabilitiesList().size() <= MOST_CAPABILITIES;
        return fits ? Optional.empty() : Optional.of(XdsCode.TOO_MANY.problem());
    }

    private static Optional<Problem> names(Register said) {
        if (!ServiceName.isLabel(said.getId())) return unfitName("the instance id is no DNS label");
        if (!ServiceName.isLabel(said.getNamespace())) return unfitName("the namespace is no DNS label");
        if (!ServiceName.isLabel(said.getService())) return unfitName("the service's name is no DNS label");
        for (var capability : said.getCapabilitiesList()) {
            var isWord = all(capability, 1, 63, c -> isLower(c) || isDigit(c) || c == '-' || c == '.');
            if (!isWord) return unfitName("a capability is a short word of a-z, 0-9, '-' and '.'");
        }
        if (!all(said.getHost(), 0, 64, c -> c > ' ' && c < 0x7f)) return unfitName("the host's id is printable");
        if (!all(said.getRun(), 0, 64, c -> c > ' ' && c < 0x7f)) return unfitName("the run's id is printable");
        return all(said.getVersion(), 0, 64, c -> c >= ' ' && c < 0x7f)
                ? Optional.empty()
                : unfitName("the sidecar's version has at most 64 printable characters");
    }

    private static Optional<Problem> labels(Register said) {
        for (var label : said.getLabelsMap().entrySet()) {
            var fits = all(label.getKey(), 1, 253, c -> c > ' ' && c < 0x7f)
                    && all(label.getValue(), 0, 1024, c -> !Character.isISOControl(c));
            if (!fits) return Optional.of(XdsCode.LABELS_UNFIT.problem());
        }
        return Optional.empty();
    }

    private static Optional<Problem> address(Register said) {
        var isReachable = literal(said.getAddress())
                .filter(address -> !address.isAnyLocalAddress() && !address.isMulticastAddress() && isDialled(address))
                .isPresent();
        return isReachable ? Optional.empty() : Optional.of(XdsCode.ADDRESS_UNFIT.problem());
    }

    /** Link-local addresses lead to the cloud's metadata service, and to other hosts from each host; others lead nowhere. */
    private static boolean isDialled(InetAddress address) {
        if (address.isLinkLocalAddress()) return false;
        var bytes = address.getAddress();
        var first = bytes[0] & 0xff;
        return bytes.length != 4 || (first != 0 && first < 240); // "this network"; reserved, and the broadcast
    }

    private static Optional<Problem> ports(Register said) {
        if (!isPort(said.getMeshPort())) return unfitPort("the mesh port is no port: " + said.getMeshPort());
        Set<Integer> declared = new HashSet<>();
        for (var port : said.getPortsList()) {
            if (!isPort(port.getPort())) return unfitPort("no such port: " + port.getPort());
            if (!declared.add(port.getPort())) return unfitPort("port " + port.getPort() + " is declared twice");
            if (port.getProtocol().length() > 63
                    || Protocol.parse(port.getProtocol()).isEmpty()) {
                return unfitPort("port " + port.getPort() + " has an unknown protocol");
            }
        }
        Set<Integer> published = new HashSet<>();
        for (var door : said.getDoorsList()) {
            if (!published.add(door.getPort())) return unfitPort("two doors lead to port " + door.getPort());
            if (!declared.contains(door.getPort())) {
                return unfitPort("a door leads to port " + door.getPort() + ", which is not declared");
            }
            if (!isPort(door.getBound())) return unfitPort("a door is bound to no port: " + door.getBound());
            // A door may be bound to a wildcard: it says where the host's own clients come in, not where peers dial.
            if (literal(door.getAddress()).isEmpty()) return unfitPort("a door is bound to no literal address");
        }
        return Optional.empty();
    }

    private static Announcement announcement(Register said) {
        var workload = Workload.of(
                        said.getId(),
                        new ServiceName(said.getNamespace(), said.getService()),
                        said.getAccount(),
                        said.getLabelsMap(),
                        said.getAddress(),
                        said.getMeshPort(),
                        said.getPortsList().stream()
                                .map(p -> new ServicePort(
                                        p.getPort(),
                                        Protocol.parse(p.getProtocol()).orElseThrow()))
                                .toList(),
                        said.getDoorsList().stream()
                                .map(d -> new Workload.Door(d.getPort(), d.getAddress(), d.getBound()))
                                .toList())
                .serving(Wires.decode(said.getServing()));
        return new Announcement(
                Instance.of(workload, Set.copyOf(said.getCapabilitiesList()), Instance.Liveness.LIVE),
                said.getVersion(),
                said.getHost(),
                new Claimant(said.getRun(), said.getReplaces()));
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
        return Optional.of(XdsCode.NAME_UNFIT.problem(message));
    }

    private static Optional<Problem> unfitPort(String message) {
        return Optional.of(XdsCode.PORTS_UNFIT.problem(message));
    }
}
