package io.tulle.dialects.compose;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.compose.ComposeService.Exposed;
import io.tulle.dialects.compose.ComposeService.Published;
import io.tulle.dialects.kind.Addresses;
import io.tulle.dialects.reader.Node;
import io.tulle.model.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** {@code ports}, short and long, and {@code expose}. */
final class Ports {
    /** {@code [[HOST_IP:][PUBLISHED]:]TARGET[/PROTOCOL]}, each port perhaps a range. */
    private static final Pattern SHORT = Pattern.compile(
            "((?:(\\[[0-9a-fA-F:.]+\\]|[0-9.]+):)?([0-9]+(?:-[0-9]+)?)?:)?([0-9]+(?:-[0-9]+)?)(?:/([a-z0-9-]+))?");

    private static final int LONGEST_RANGE = 100;

    private Ports() {}

    /** Ports from and to, both included. */
    private record Range(int from, int to) {
        int size() {
            return to - from + 1;
        }

        /** Empty unless it is a port or a rising range of some. */
        static Optional<Range> parse(String text) {
            var dash = text.indexOf('-');
            var from = dash < 0 ? text : text.substring(0, dash);
            var to = dash < 0 ? text : text.substring(dash + 1);
            if (!from.matches("[0-9]{1,5}") || !to.matches("[0-9]{1,5}")) return Optional.empty();
            var range = new Range(Integer.parseInt(from), Integer.parseInt(to));
            var good = range.from >= 1 && range.to <= 65535 && range.size() >= 1 && range.size() <= LONGEST_RANGE;
            return good ? Optional.of(range) : Optional.empty();
        }
    }

    static List<Published> published(Keys service) {
        var all = new ArrayList<Published>();
        for (var item : items(service, "ports")) {
            if (item instanceof Node.Mapping) {
                Keys.read(item, service.path("ports"), service.problems(), Ports::longForm)
                        .ifPresent(all::addAll);
            } else {
                service.texts(item, service.path("ports")).forEach(text -> all.addAll(shortForm(service, text)));
            }
        }
        return all;
    }

    static List<Exposed> exposed(Keys service) {
        var all = new ArrayList<Exposed>();
        for (var text : service.texts("expose")) {
            var slash = text.indexOf('/');
            var range = Range.parse(slash < 0 ? text : text.substring(0, slash));
            if (isUdp(service, "expose", text, slash < 0 ? "" : text.substring(slash + 1))) continue;
            var protocol = protocol(service, "expose", slash < 0 ? "" : text.substring(slash + 1));
            if (range.isEmpty()) {
                service.problem(Codes.COMPOSE_PORT, "expose", "has '" + text + "', which is not a port");
                continue;
            }
            for (int port = range.get().from(); port <= range.get().to(); port++) all.add(new Exposed(port, protocol));
        }
        return all;
    }

    private static List<Node> items(Keys service, String key) {
        return service.node(key)
                .map(node -> node instanceof Node.Sequence list ? list.items() : List.of(node))
                .orElse(List.of());
    }

    private static List<Published> shortForm(Keys service, String text) {
        var parts = SHORT.matcher(text);
        if (!parts.matches()) return refused(service, text);
        if (isUdp(service, "ports", text, Optional.ofNullable(parts.group(5)).orElse(""))) return List.of();
        var host = Optional.ofNullable(parts.group(2))
                .map(ip -> ip.startsWith("[") ? ip.substring(1, ip.length() - 1) : ip);
        var published = Optional.ofNullable(parts.group(3));
        var protocol =
                protocol(service, "ports", Optional.ofNullable(parts.group(5)).orElse(""));
        return zip(service, text, published, parts.group(4), host, protocol);
    }

    private static List<Published> longForm(Keys port) {
        port.text("name");
        port.text("mode"); // for swarms; on one host both modes are one
        var target = port.text("target");
        if (target.isEmpty()) port.problem(Codes.COMPOSE_PORT, "target", "is missing");
        var spoken = port.text("protocol").orElse("");
        var app = port.text("app_protocol");
        if (isUdp(port, "protocol", target.orElse(""), spoken)) {
            port.text("published");
            port.text("host_ip");
            return List.of();
        }
        var protocol = protocol(port, app.isPresent() ? "app_protocol" : "protocol", app.orElse(spoken));
        if (app.isPresent()) protocol(port, "protocol", spoken);
        var published = port.text("published").filter(text -> !text.isEmpty());
        var host = port.text("host_ip").filter(text -> !text.isEmpty());
        return target.map(text -> zip(port, text, published, text, host, protocol))
                .orElse(List.of());
    }

    private static List<Published> zip(
            Keys keys,
            String text,
            Optional<String> published,
            String target,
            Optional<String> host,
            Protocol protocol) {
        var inside = Range.parse(target);
        var outside = published.map(Range::parse).orElseGet(Optional::empty);
        var good = inside.isPresent()
                && (published.isEmpty()
                        || outside.filter(o -> inside.get().size() == 1
                                        || o.size() == inside.get().size())
                                .isPresent())
                && host.stream().allMatch(Addresses::isAddress);
        if (!good) return refused(keys, text);
        // Many of the host's for one of the container's: one for each replica.
        var spare = outside.map(Range::size).orElse(1) - inside.get().size();
        var all = new ArrayList<Published>();
        for (int i = 0; i < inside.get().size(); i++) {
            var door = outside.isPresent() ? OptionalInt.of(outside.get().from() + i) : OptionalInt.empty();
            all.add(new Published(inside.get().from() + i, door, Math.max(0, spare), host, protocol));
        }
        return all;
    }

    private static boolean isUdp(Keys keys, String key, String text, String protocol) {
        if (!protocol.equals("udp")) return false;
        keys.note(
                Codes.COMPOSE_UDP,
                key,
                "has " + text + " by UDP, which the mesh does not carry: it stays as it is without Tulle",
                Codes.COMPOSE_UDP.fix());
        return true;
    }

    /** Compose's {@code tcp} says nothing of what is spoken. */
    private static Protocol protocol(Keys keys, String key, String written) {
        if (written.isEmpty() || written.equals("tcp")) return Protocol.UNDECLARED;
        var known = Protocol.parse(written);
        if (known.isEmpty()) {
            keys.problem(
                    Codes.COMPOSE_VALUE,
                    key,
                    "has the protocol '" + written + "'; write tcp, http, http2, grpc or nest-tcp");
        }
        return known.orElse(Protocol.UNDECLARED);
    }

    private static List<Published> refused(Keys keys, String text) {
        keys.problem(Codes.COMPOSE_PORT, "ports", "has '" + text + "', which is not a port to publish");
        return List.of();
    }
}
