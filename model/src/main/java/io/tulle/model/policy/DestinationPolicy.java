package io.tulle.model.policy;

import java.util.List;

/**
 * One thing that clients of a destination do, the same value from what somebody wrote to what a proxy hears. As with {@link
 * RoutePolicy}, each kind is a file of its own in every room, and the order of the permitted kinds is that of a set.
 */
public sealed interface DestinationPolicy permits Balancing, ConnectionLimits, OutlierPolicy, ClientTls {
    PolicySet<DestinationPolicy> NONE = new PolicySet<>(DestinationPolicy.class, List.of());
}
