package io.tulle.dialects;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.resource.Resource;
import io.tulle.model.Problem;
import io.tulle.model.Protocol;
import io.tulle.model.policy.HeaderEdits;
import io.tulle.model.policy.HeaderPolicy;
import io.tulle.model.policy.SessionPolicy;
import io.tulle.model.world.ResourceRef;
import io.tulle.model.world.RouteRule;
import io.tulle.model.world.Routing;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.World;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What a route asks for that a Nest TCP message cannot do: it has a pattern, which counts as the path, but no headers, no
 * query and nothing that could be redirected. Which ports speak it is known from Services and from running instances.
 */
public final class MessageChecks {
    private final Map<ResourceRef, Resource> resources = new HashMap<>();
    private final Map<String, List<ServicePort>> ports;
    private final List<Problem> problems = new ArrayList<>();

    private MessageChecks(Collection<Resource> resources, Map<String, List<ServicePort>> ports) {
        resources.forEach(resource -> this.resources.putIfAbsent(resource.ref(), resource));
        this.ports = ports;
    }

    /**
     * Checks a World.
     *
     * @param ports of each host, as its instances announce them; what a Service declares outranks that
     */
    public static List<Problem> run(World world, Collection<Resource> resources, Map<String, List<ServicePort>> ports) {
        var checks = new MessageChecks(resources, PortChecks.known(world, ports));
        world.routings().forEach(checks::routing);
        return WorldReader.sorted(checks.problems);
    }

    private void routing(Routing routing) {
        for (var parent : routing.parents()) {
            for (var rule : routing.http()) {
                var concerned = ports.getOrDefault(parent.host(), List.of()).stream()
                        .filter(port -> isFor(parent.port(), port) && isFor(rule.port(), port))
                        .toList();
                var messages = concerned.stream()
                        .filter(port -> port.protocol() == Protocol.NEST_TCP)
                        .toList();
                if (messages.isEmpty()) continue;
                var alone = messages.size() == concerned.size();
                unheard(rule).forEach(field -> report(routing, parent.host(), rule, field, alone));
            }
        }
    }

    private static boolean isFor(OptionalInt only, ServicePort port) {
        return only.isEmpty() || only.getAsInt() == port.port();
    }

    /** What of a rule no message can follow. */
    private static List<String> unheard(RouteRule rule) {
        var fields = new ArrayList<String>();
        if (rule.matches().stream().anyMatch(match -> !match.headers().isEmpty())) fields.add("a match of headers");
        if (rule.matches().stream().anyMatch(match -> !match.queryParameters().isEmpty()))
            fields.add("a match of query parameters");
        if (rule.policies().of(HeaderPolicy.class).isPresent()) fields.add("a change of headers");
        if (rule.policies().of(SessionPolicy.class).isPresent()) fields.add("session persistence");
        switch (rule.action()) {
            case RouteRule.Action.Forward forward -> {
                if (forward.path().isPresent()) fields.add("a rewrite of the path");
                if (forward.authority().isPresent()) fields.add("a rewrite of the authority");
                if (forward.backends().stream().anyMatch(b -> edits(b.requestHeaders(), b.responseHeaders())))
                    fields.add("a backend's change of headers");
            }
            case RouteRule.Action.Redirect _ -> fields.add("a redirect");
            case RouteRule.Action.Respond _ -> {}
        }
        return fields;
    }

    private static boolean edits(HeaderEdits request, HeaderEdits response) {
        return !request.equals(HeaderEdits.NONE) || !response.equals(HeaderEdits.NONE);
    }

    /** Refused where nothing else could use it; told where another protocol of the host does. */
    private void report(Routing routing, String host, RouteRule rule, String field, boolean alone) {
        var message = routing.source() + ", rule " + rule.name() + ": " + field
                + " cannot be done to Nest TCP messages of " + host;
        var fix = "remove it, or name a port of another protocol; a message's pattern is matched as its path";
        var problem = alone ? Codes.NOT_ACTED_ON.problem(message, fix) : Codes.NOT_ACTED_ON.warning(message, fix);
        var resource = resources.get(routing.source());
        problems.add(resource == null ? problem : problem.at(resource.place()));
    }
}
