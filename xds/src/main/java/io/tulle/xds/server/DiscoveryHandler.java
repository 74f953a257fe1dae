package io.tulle.xds.server;

import io.tulle.model.Problem;
import java.util.Optional;

/** Says who may hear what. Called on an event loop: must not block. */
@FunctionalInterface
public interface DiscoveryHandler {
    /** @return why this peer may not speak for the node; empty when it may. Then whatever is published for it is sent */
    Optional<Problem> refusal(String node, Peer peer);
}
