package io.tulle.model.world;

import io.tulle.model.policy.PeerTls;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What one PeerAuthentication asks of the peers of the workloads that it selects. */
public record PeerPolicy(
        ResourceRef source, Selector selector, Optional<PeerTls> mode, SortedMap<Integer, PeerTls> ports) {
    public PeerPolicy {
        ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
    }
}
