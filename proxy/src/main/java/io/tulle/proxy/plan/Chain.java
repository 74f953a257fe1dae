package io.tulle.proxy.plan;

import io.tulle.model.shared.SharedMap;
import io.tulle.proxy.filter.AuthorizationFilter;
import io.tulle.proxy.filter.Authorizer;
import io.tulle.proxy.filter.DryRun;
import io.tulle.proxy.filter.Filter;
import io.tulle.proxy.plan.Parts.Part;
import io.tulle.proxy.route.RouteTable;
import io.tulle.xds.spec.ChainSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.RouteTableSpec;
import io.tulle.xds.spec.WireSpec;
import java.util.List;
import java.util.Optional;

/**
 * A chain made ready.
 *
 * @param tellsPolicies whether a denied caller is told which policy denied it
 * @param routes for the wires that are routed request by request; empty for opaque bytes
 * @param dryRun what policies would change that are only tried
 */
public record Chain(
        String listener,
        boolean tellsPolicies,
        ChainSpec spec,
        Optional<RouteTable> routes,
        Authorizer authorizer,
        Optional<DryRun> dryRun,
        List<Filter> filters) {
    /**
     * Leads nowhere until it is {@link #linked}.
     *
     * @throws IllegalArgumentException when a policy cannot be carried out; the message names it
     */
    static Chain compile(ListenerSpec listener, ChainSpec spec) {
        var authorizer = Authorizer.compile(spec.wire().authorizations());
        List<Filter> filters = authorizer.isOpen() ? List.of() : List.of(new AuthorizationFilter(authorizer));
        var dryRun = DryRun.compile(spec.wire().authorizations());
        return new Chain(
                listener.name(), listener.tellsPolicies(), spec, Optional.empty(), authorizer, dryRun, filters);
    }

    /** With its table of these: the same object where it leads there already. */
    Chain linked(SharedMap<String, Part<RouteTableSpec, RouteTable>> tables) {
        var found = tableName().flatMap(tables::find).map(Part::made);
        return found.equals(routes)
                ? this
                : new Chain(listener, tellsPolicies, spec, found, authorizer, dryRun, filters);
    }

    /** The table that it is led by, where it is routed. */
    Optional<String> tableName() {
        return switch (spec.wire()) {
            case WireSpec.Http http -> Optional.of(http.routes());
            case WireSpec.NestTcp nest -> Optional.of(nest.routes());
            case WireSpec.Detected detected -> Optional.of(detected.http().routes());
            case WireSpec.Tcp _ -> Optional.empty();
        };
    }
}
