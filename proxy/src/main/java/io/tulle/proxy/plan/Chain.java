package io.tulle.proxy.plan;

import io.tulle.model.shared.SharedMap;
import io.tulle.proxy.filter.AuthorizationFilter;
import io.tulle.proxy.filter.Authorizer;
import io.tulle.proxy.filter.DryRun;
import io.tulle.proxy.filter.Filter;
import io.tulle.proxy.plan.Parts.Part;
import io.tulle.proxy.route.RouteTable;
import io.tulle.proxy.tls.DoorCertificate;
import io.tulle.proxy.tls.DoorTls;
import io.tulle.proxy.tls.Trust;
import io.tulle.xds.spec.CertificateSpec;
import io.tulle.xds.spec.ChainSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.RouteTableSpec;
import io.tulle.xds.spec.TrustSpec;
import io.tulle.xds.spec.WireSpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A chain made ready.
 *
 * @param tellsPolicies whether a denied caller is told which policy denied it
 * @param routes for the wires that are routed request by request; empty for opaque bytes
 * @param dryRun what policies would change that are only tried
 * @param tls what is shown to callers whose TLS ends here; empty for all others, and where a certificate is missing
 */
public record Chain(
        String listener,
        boolean tellsPolicies,
        ChainSpec spec,
        Optional<RouteTable> routes,
        Authorizer authorizer,
        Optional<DryRun> dryRun,
        List<Filter> filters,
        Optional<DoorTls> tls) {
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
                listener.name(),
                listener.tellsPolicies(),
                spec,
                Optional.empty(),
                authorizer,
                dryRun,
                filters,
                Optional.empty());
    }

    /** With its table of these, and its certificates: the same object where it has them already. */
    Chain linked(
            SharedMap<String, Part<RouteTableSpec, RouteTable>> tables,
            SharedMap<String, Part<CertificateSpec, DoorCertificate>> certificates,
            SharedMap<String, Part<TrustSpec, Trust>> trusts) {
        var found = tableName().flatMap(tables::find).map(Part::made);
        var shown = spec.security() instanceof ChainSpec.Security.Terminated ends
                ? DoorTls.of(
                        ends,
                        name -> certificates.find(name).map(Part::made),
                        name -> trusts.find(name).map(Part::made),
                        tls)
                : tls;
        return found.equals(routes) && shown.equals(tls)
                ? this
                : new Chain(listener, tellsPolicies, spec, found, authorizer, dryRun, filters, shown);
    }

    /** The secrets that it shows or asks for. */
    Set<String> secrets() {
        return spec.security() instanceof ChainSpec.Security.Terminated(var certificates, var roots, var _)
                ? Stream.concat(certificates.stream(), roots.stream()).collect(Collectors.toUnmodifiableSet())
                : Set.of();
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
