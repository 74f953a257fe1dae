package io.tulle.control.compile;

import io.tulle.xds.spec.PeerSpec;
import io.tulle.xds.spec.TrustSpec;
import java.util.List;

/**
 * All that one proxy may depend on. Equal views give equal snapshots, so the view is the cache key: bundles are shared
 * objects, and comparing two views of one revision costs their length.
 *
 * @param namespace of the proxy, in which short names are read
 * @param tellsPolicies whether its denied callers are told which policy denied them
 */
record View(
        Self self,
        String namespace,
        List<Bundle> destinations,
        List<PeerSpec> peers,
        TrustSpec trust,
        boolean tellsPolicies) {
    public View {
        destinations = List.copyOf(destinations);
        peers = List.copyOf(peers);
    }
}
