package io.tulle.proxy.plan;

import io.tulle.proxy.route.RouteTable;
import io.tulle.proxy.tls.Trust;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.RouteTableSpec;
import io.tulle.xds.spec.Spec;
import io.tulle.xds.spec.TrustSpec;
import java.util.List;
import java.util.Map;

/** What a plan is made of, by name. The next plan takes over each part whose resource did not change. */
record Parts(
        Map<String, Part<TrustSpec, Trust>> trusts,
        Map<String, Part<ClusterSpec, Cluster>> clusters,
        Map<String, Part<RouteTableSpec, RouteTable>> tables,
        Map<String, Part<ListenerSpec, List<Chain>>> listeners) {
    static final Parts NONE = new Parts(Map.of(), Map.of(), Map.of(), Map.of());

    /**
     * One resource made ready.
     *
     * @param spec what is in force; not what was sent, where that could not be carried out
     * @param places a cluster's endpoints, which come as a resource of their own; empty for everything else
     */
    record Part<S extends Spec, M>(S spec, List<EndpointSpec> places, M made) {
        boolean isOf(S wanted, List<EndpointSpec> wantedPlaces) {
            return spec.equals(wanted) && places.equals(wantedPlaces);
        }
    }
}
