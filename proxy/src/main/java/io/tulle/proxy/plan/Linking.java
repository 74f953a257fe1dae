package io.tulle.proxy.plan;

import io.tulle.model.shared.SharedMap;
import io.tulle.proxy.plan.Parts.Part;
import io.tulle.proxy.route.RouteTable;
import io.tulle.proxy.tls.DoorCertificate;
import io.tulle.proxy.tls.Trust;
import io.tulle.xds.spec.CertificateSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.RouteTableSpec;
import io.tulle.xds.spec.TrustSpec;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * Gives chains what they lead to and what they show, of one plan.
 *
 * @param moved tables that are not as they were in the plan before
 * @param renewed secrets that are not as they were
 */
record Linking(
        SharedMap<String, Part<RouteTableSpec, RouteTable>> tables,
        Set<String> moved,
        SharedMap<String, Part<CertificateSpec, DoorCertificate>> certificates,
        SharedMap<String, Part<TrustSpec, Trust>> trusts,
        Set<String> renewed) {

    /**
     * All with chains that lead to the tables of this plan.
     *
     * @param changed listeners that are not as they were
     */
    SharedMap<String, Part<ListenerSpec, List<Chain>>> of(
            SharedMap<String, Part<ListenerSpec, List<Chain>>> listeners, Set<String> changed) {
        if (changed.isEmpty() && moved.isEmpty() && renewed.isEmpty()) return listeners;
        var all = listeners;
        for (var part : listeners.values()) {
            var name = part.spec().name();
            if (changed.contains(name) || part.made().stream().anyMatch(this::isTouched))
                all = all.with(name, linked(part));
        }
        return all;
    }

    private boolean isTouched(Chain chain) {
        return chain.tableName().filter(moved::contains).isPresent() || !Collections.disjoint(chain.secrets(), renewed);
    }

    /** The same part, and the same object, where its chains lead to the tables of this plan already. */
    private Part<ListenerSpec, List<Chain>> linked(Part<ListenerSpec, List<Chain>> part) {
        var chains = part.made().stream()
                .map(chain -> chain.linked(tables, certificates, trusts))
                .toList();
        return chains.equals(part.made()) ? part : new Part<>(part.spec(), part.places(), chains);
    }
}
