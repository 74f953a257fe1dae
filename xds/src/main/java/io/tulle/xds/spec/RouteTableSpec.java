package io.tulle.xds.spec;

import io.tulle.model.policy.RoutePolicy;
import io.tulle.model.policy.SessionPolicy;
import io.tulle.model.policy.Towards;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The routes of one service port, in order: the first that matches decides. A request that none matches gets 404 (NR). */
public record RouteTableSpec(String name, List<RouteSpec> routes) implements Spec {
    public RouteTableSpec {
        routes = List.copyOf(routes);
    }

    /** Whether a route asks for its callers' sessions. */
    public boolean knowsSessions() {
        return routes.stream()
                .anyMatch(route -> route.policies().of(SessionPolicy.class).isPresent());
    }

    @Override
    public ResourceType type() {
        return ResourceType.ROUTES;
    }

    @Override
    public Set<Ref> references() {
        var all = new LinkedHashSet<Ref>();
        for (var route : routes) {
            if (route.action() instanceof ActionSpec.Forward forward) {
                forward.targets().forEach(target -> all.add(new Ref(ResourceType.CLUSTER, target.cluster())));
            }
            route.policies().all().stream().flatMap(RoutePolicy::leads).forEach(to -> {
                if (to instanceof Towards.Cluster(var cluster)) all.add(new Ref(ResourceType.CLUSTER, cluster));
            });
        }
        return all;
    }
}
