package io.tulle.dialects;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.resource.Resource;
import io.tulle.model.Problem;
import io.tulle.model.Protocol;
import io.tulle.model.world.ResourceRef;
import io.tulle.model.world.Routing;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.World;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Rules that lead to a port which no instance has, or that are of a kind which no port of their host can follow. Which ports there are
 * is known from Services and from running instances; of a host of which neither is known nothing is said.
 */
public final class PortChecks {
    private final Map<ResourceRef, Resource> resources = new HashMap<>();
    private final Map<String, List<ServicePort>> ports;
    private final Set<String> declared = new HashSet<>();
    private final List<Problem> problems = new ArrayList<>();

    private PortChecks(World world, Collection<Resource> resources, Map<String, List<ServicePort>> announced) {
        resources.forEach(resource -> this.resources.putIfAbsent(resource.ref(), resource));
        this.ports = known(world, announced);
        world.services().values().forEach(service -> declared.add(service.name().host()));
    }

    /** Of each host: what its Service declares, else what its instances announce. */
    static Map<String, List<ServicePort>> known(World world, Map<String, List<ServicePort>> announced) {
        var all = new HashMap<>(announced);
        world.services().values().forEach(service -> all.put(service.name().host(), service.ports()));
        return all;
    }

    /**
     * Checks a World.
     *
     * @param announced ports of each host, as its instances announce them; what a Service declares outranks that
     */
    public static List<Problem> run(
            World world, Collection<Resource> resources, Map<String, List<ServicePort>> announced) {
        var checks = new PortChecks(world, resources, announced);
        world.routings().forEach(checks::routing);
        return WorldReader.sorted(checks.problems);
    }

    private void routing(Routing routing) {
        for (var parent : routing.parents()) {
            announced(routing, parent.host(), parent.port());
            followed(routing, parent);
        }
        Checks.legs(routing).distinct().forEach(leg -> announced(routing, leg.host(), leg.port()));
    }

    /** What a Service declares is compared where no instance runs as well; see {@link Checks}. */
    private void announced(Routing routing, String host, OptionalInt port) {
        var known = ports.getOrDefault(host, List.of());
        if (port.isEmpty() || known.isEmpty() || declared.contains(host)) return;
        if (known.stream().anyMatch(each -> each.port() == port.getAsInt())) return;
        warn(
                Codes.UNKNOWN_PORT,
                routing,
                routing.source() + " names port " + port.getAsInt() + " of " + host + ", whose instances announce "
                        + numbers(known));
    }

    private void followed(Routing routing, Routing.Parent parent) {
        var concerned = ports.getOrDefault(parent.host(), List.of()).stream()
                .filter(port -> parent.port().isEmpty() || parent.port().getAsInt() == port.port())
                .toList();
        if (concerned.isEmpty()) return;
        if (routing.http().isEmpty() && !routing.tcp().isEmpty())
            unfollowed(routing, parent.host(), concerned, "connections (tcp)", PortChecks::isRoutedAlone);
        if (routing.tcp().isEmpty() && !routing.http().isEmpty())
            unfollowed(routing, parent.host(), concerned, "requests (http)", protocol -> protocol == Protocol.TCP);
    }

    private static boolean isRoutedAlone(Protocol protocol) {
        return protocol.isRouted() && protocol != Protocol.UNDECLARED;
    }

    private void unfollowed(
            Routing routing, String host, List<ServicePort> concerned, String what, Predicate<Protocol> cannot) {
        if (!concerned.stream().map(ServicePort::protocol).allMatch(cannot)) return;
        warn(
                Codes.NO_PORT_FOR_RULES,
                routing,
                routing.source() + " has rules for " + what + " alone, and no port of " + host + " can follow them: "
                        + concerned.stream()
                                .map(port -> port.port() + " speaks "
                                        + port.protocol().written())
                                .collect(Collectors.joining(", ")));
    }

    private static String numbers(List<ServicePort> known) {
        return known.stream().map(each -> Integer.toString(each.port())).collect(Collectors.joining(", "));
    }

    private void warn(Codes code, Routing routing, String message) {
        var problem = code.warning(message);
        var resource = resources.get(routing.source());
        problems.add(resource == null ? problem : problem.at(resource.place()));
    }
}
