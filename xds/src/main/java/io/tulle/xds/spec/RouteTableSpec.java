package io.tulle.xds.spec;

import io.tulle.model.policy.RoutePolicy;
import io.tulle.model.policy.SessionPolicy;
import io.tulle.model.policy.Towards;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Routes in order: the first that matches decides. A request that none matches gets 404 (NR).
 *
 * @param routes of requests for whatever authority no host names
 * @param hosts of requests for some authorities; once one of them is meant no other is looked at
 */
public record RouteTableSpec(String name, List<RouteSpec> routes, List<Host> hosts) implements Spec {
    public RouteTableSpec {
        routes = List.copyOf(routes);
        hosts = List.copyOf(hosts);
        var named = hosts.stream().flatMap(host -> host.domains().stream()).toList();
        if (named.stream().distinct().count() < named.size())
            throw new IllegalArgumentException("a domain is there twice: " + named);
    }

    /** One for every authority, as a service's port has it. */
    public RouteTableSpec(String name, List<RouteSpec> routes) {
        this(name, routes, List.of());
    }

    /**
     * The routes of requests for some authorities (Envoy's virtual host). Of several the one with the most specific domain is
     * meant: exact, then the longest suffix ({@code *.example.com}), then the longest prefix ({@code example.*}).
     *
     * @param domains lower-case, without a port
     */
    public record Host(List<String> domains, List<RouteSpec> routes) {
        public Host {
            domains = domains.stream().sorted().distinct().toList();
            routes = List.copyOf(routes);
            if (domains.isEmpty() || domains.contains("*") || domains.contains(""))
                throw new IllegalArgumentException("a host of a table names authorities, not all of them");
        }
    }

    /** All routes, whatever they are for. */
    public Stream<RouteSpec> all() {
        return Stream.concat(routes.stream(), hosts.stream().flatMap(host -> host.routes().stream()));
    }

    /** Whether a route asks for its callers' sessions. */
    public boolean knowsSessions() {
        return all().anyMatch(route -> route.policies().of(SessionPolicy.class).isPresent());
    }

    @Override
    public ResourceType type() {
        return ResourceType.ROUTES;
    }

    @Override
    public Set<Ref> references() {
        var all = new LinkedHashSet<Ref>();
        all().forEach(route -> {
            if (route.action() instanceof ActionSpec.Forward forward) {
                forward.targets().forEach(target -> all.add(new Ref(ResourceType.CLUSTER, target.cluster())));
            }
            route.policies().all().stream().flatMap(RoutePolicy::leads).forEach(to -> {
                if (to instanceof Towards.Cluster(var cluster)) all.add(new Ref(ResourceType.CLUSTER, cluster));
            });
        });
        return all;
    }
}
