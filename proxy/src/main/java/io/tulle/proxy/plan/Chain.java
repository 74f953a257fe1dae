package io.tulle.proxy.plan;

import io.tulle.proxy.filter.AuthorizationFilter;
import io.tulle.proxy.filter.Authorizer;
import io.tulle.proxy.filter.Filter;
import io.tulle.proxy.route.RouteTable;
import io.tulle.xds.spec.ChainSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.WireSpec;
import java.util.List;
import java.util.Map;
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
    /** @throws IllegalArgumentException when a policy cannot be carried out; the message names it */
    static Chain compile(ListenerSpec listener, ChainSpec spec, Map<String, RouteTable> tables) {
        var routes = switch (spec.wire()) {
            case WireSpec.Http http -> Optional.ofNullable(tables.get(http.routes()));
            case WireSpec.NestTcp nest -> Optional.ofNullable(tables.get(nest.routes()));
            case WireSpec.Detected detected ->
                Optional.ofNullable(tables.get(detected.http().routes()));
            case WireSpec.Tcp _ -> Optional.<RouteTable>empty();
        };
        var authorizer = Authorizer.compile(spec.wire().authorizations());
        List<Filter> filters = authorizer.isOpen() ? List.of() : List.of(new AuthorizationFilter(authorizer));
        return new Chain(listener.name(), listener.tellsPolicies(), spec, routes, authorizer, filters);
    }
}
