package io.tulle.proxy.plan;

import io.tulle.model.shared.SharedMap;
import io.tulle.proxy.route.RouteTable;
import io.tulle.proxy.tls.DoorCertificate;
import io.tulle.proxy.tls.Trust;
import io.tulle.xds.spec.CertificateSpec;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.RouteTableSpec;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.Spec;
import io.tulle.xds.spec.TrustSpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a plan is made of, by name. The next plan takes over each part whose resource did not change.
 *
 * @param wanted the snapshot that they were made for
 * @param failed resources of it that could not be carried out, wholly or in part: they are tried again with each plan
 */
record Parts(
        Snapshot wanted,
        Set<Spec.Ref> failed,
        SharedMap<String, Part<TrustSpec, Trust>> trusts,
        SharedMap<String, Part<CertificateSpec, DoorCertificate>> certificates,
        SharedMap<String, Part<ClusterSpec, Cluster>> clusters,
        SharedMap<String, Part<RouteTableSpec, RouteTable>> tables,
        SharedMap<String, Part<ListenerSpec, List<Chain>>> listeners) {
    static final Parts NONE = new Parts(
            Snapshot.EMPTY,
            Set.of(),
            SharedMap.empty(),
            SharedMap.empty(),
            SharedMap.empty(),
            SharedMap.empty(),
            SharedMap.empty());

    /** What is in force of a resource that has a part: its last good form, where it failed. */
    Optional<Spec> inForce(Spec.Ref ref) {
        return switch (ref.type()) {
            case SECRET ->
                trusts.find(ref.name())
                        .<Spec>map(Part::spec)
                        .or(() -> certificates.find(ref.name()).map(Part::spec));
            case CLUSTER -> clusters.find(ref.name()).map(Part::spec);
            case ROUTES -> tables.find(ref.name()).map(Part::spec);
            case LISTENER -> listeners.find(ref.name()).map(Part::spec);
            case ENDPOINTS, DESTINATION, NAME, PEER -> Optional.empty();
        };
    }

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
