package io.tulle.dialects.kind;

import io.tulle.model.world.AccessPolicy;
import io.tulle.model.world.Destination;
import io.tulle.model.world.External;
import io.tulle.model.world.PeerPolicy;
import io.tulle.model.world.Routing;
import io.tulle.model.world.Service;

/** One thing that a resource adds to the World. */
public sealed interface Contribution {
    record OfService(Service service) implements Contribution {}

    record OfExternal(External external) implements Contribution {}

    record OfRouting(Routing routing) implements Contribution {}

    record OfDestination(Destination destination) implements Contribution {}

    record OfPeers(PeerPolicy policy) implements Contribution {}

    record OfAccess(AccessPolicy policy) implements Contribution {}
}
