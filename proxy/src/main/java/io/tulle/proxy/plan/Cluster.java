package io.tulle.proxy.plan;

import io.tulle.proxy.balance.Balancer;
import io.tulle.proxy.balance.DialledPlaces;
import io.tulle.proxy.balance.EndpointSet;
import io.tulle.proxy.resilience.Limits;
import io.tulle.proxy.resilience.OutlierDetector;
import io.tulle.xds.spec.ClusterSpec;
import java.util.Optional;

/**
 * A cluster made ready: limits and endpoint states go on from the plan before.
 *
 * @param dialled where it goes to the very address that was dialled; for all other clusters empty
 */
public record Cluster(
        ClusterSpec spec,
        EndpointSet endpoints,
        Balancer balancer,
        Limits limits,
        Optional<OutlierDetector> outliers,
        Optional<DialledPlaces> dialled) {}
