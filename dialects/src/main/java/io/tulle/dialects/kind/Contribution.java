package io.tulle.dialects.kind;

import io.tulle.model.world.AccessPolicy;
import io.tulle.model.world.Destination;
import io.tulle.model.world.External;
import io.tulle.model.world.Gateway;
import io.tulle.model.world.Grant;
import io.tulle.model.world.PeerPolicy;
import io.tulle.model.world.ResourceRef;
import io.tulle.model.world.Routing;
import io.tulle.model.world.Scope;
import io.tulle.model.world.Selector;
import io.tulle.model.world.Service;
import io.tulle.model.world.TlsSecret;
import java.util.Map;
import java.util.SortedMap;

/** One thing that a resource adds to the World. */
public sealed interface Contribution {
    record OfService(Service service) implements Contribution {}

    record OfExternal(External external) implements Contribution {}

    /**
     * Something outside whose endpoints are those of the namespace's {@link OfPlace places} that carry labels.
     *
     * @param ports numbers as applications dial them, by the names that places know them by
     */
    record OfSelecting(External external, Selector selector, Map<String, Integer> ports) implements Contribution {}

    /**
     * A place that stands by itself (Istio's WorkloadEntry).
     *
     * @param ports where it listens, by name
     */
    record OfPlace(
            ResourceRef source, String address, Map<String, Integer> ports, Map<String, String> labels, int weight)
            implements Contribution {}

    record OfRouting(Routing routing) implements Contribution {}

    record OfDestination(Destination destination) implements Contribution {}

    record OfPeers(PeerPolicy policy) implements Contribution {}

    record OfScope(Scope scope) implements Contribution {}

    record OfAccess(AccessPolicy policy) implements Contribution {}

    record OfGateway(Gateway gateway) implements Contribution {}

    record OfSecret(TlsSecret secret) implements Contribution {}

    record OfGrant(Grant grant) implements Contribution {}

    record OfNamespace(String name, SortedMap<String, String> labels) implements Contribution {}
}
