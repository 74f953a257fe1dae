package io.tulle.xds.stream;

import io.tulle.model.Protocol;
import io.tulle.model.policy.DestinationPolicy;
import io.tulle.xds.codec.Codec;
import io.tulle.xds.layer.Bundle;
import io.tulle.xds.layer.Demand;
import io.tulle.xds.layer.Shelf;
import io.tulle.xds.spec.ChainSpec;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.spec.EndpointsSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.PeerSpec;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.RouteTableSpec;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.Spec;
import io.tulle.xds.spec.TrustSpec;
import io.tulle.xds.spec.WireSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Small whole meshes: each service is a listener, a route table, a cluster and its endpoints. */
public final class Shop {
    /** Instances that some test asks for. */
    private static final Set<String> PEERS = Set.of("cart-1", "cart-9");

    private Shop() {}

    /** Services by name, each with an endpoint at the given port. */
    public static Snapshot of(int port, String... services) {
        var specs = new ArrayList<Spec>();
        specs.add(new TrustSpec("trust", "tulle", List.of("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n")));
        specs.add(new PeerSpec("cart-1", "cart", "shop", "cart", "v1", "cart"));
        for (var service : services) specs.addAll(service(service, port));
        return Snapshot.of(specs);
    }

    /** The same, encoded, on a shelf of its own. */
    public static Bundle bundle(int port, String... services) {
        return bundle(of(port, services));
    }

    public static Bundle bundle(Snapshot snapshot) {
        var shelf = Shelf.of(snapshot.specs().values().stream()
                .flatMap(byName -> byName.values().stream())
                .map(Codec::encode)
                .toList());
        return Bundle.of(List.of(shelf), new Demand(true, Set.of(), PEERS));
    }

    public static List<Spec> service(String name, int port) {
        return List.of(
                listener(name, name),
                new RouteTableSpec(name, List.of(RouteSpec.toCluster("default", name))),
                cluster(name),
                new EndpointsSpec(name, List.of(EndpointSpec.of(name + "-1", "127.0.0.1", port))));
    }

    public static ListenerSpec listener(String name, String routes) {
        var wire = new WireSpec.Http(routes, List.of());
        var chain = new ChainSpec(name, 3000, List.of(), ChainSpec.PLAINTEXT, wire);
        var place = new ListenerSpec.Place.Outbound(List.of(name), List.of(), 3000);
        return new ListenerSpec(name, place, List.of(chain));
    }

    public static ClusterSpec cluster(String name) {
        return new ClusterSpec(
                name,
                name,
                new ClusterSpec.Source.Discovered(),
                Protocol.HTTP,
                new ClusterSpec.Security.Plaintext(),
                DestinationPolicy.NONE);
    }
}
