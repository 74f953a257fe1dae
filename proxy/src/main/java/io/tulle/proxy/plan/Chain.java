package io.tulle.proxy.plan;

import io.tulle.proxy.filter.AuthorizationFilter;
import io.tulle.proxy.filter.Authorizer;
import io.tulle.proxy.filter.Filter;
import io.tulle.proxy.route.RouteTable;
import io.tulle.xds.spec.ChainSpec;
import io.tulle.xds.spec.ListenerSpec;
import java.util.List;
import java.util.Optional;

/**
 * A chain made ready.
 *
 * @param tellsPolicies whether a denied caller is told which policy denied it
 * @param routes for the wires that are routed request by request; empty for opaque bytes
 */
public record Chain(
        String listener,
        boolean tellsPolicies,
        ChainSpec spec,
        Optional<RouteTable> routes,
        Authorizer authorizer,
        List<Filter> filters) {
    static Chain of(ListenerSpec listener, ChainSpec spec, Optional<RouteTable> routes, Authorizer authorizer) {
        List<Filter> filters = authorizer.isOpen() ? List.of() : List.of(new AuthorizationFilter(authorizer));
        return new Chain(listener.name(), listener.tellsPolicies(), spec, routes, authorizer, filters);
    }
}
