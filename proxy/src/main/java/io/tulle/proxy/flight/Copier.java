package io.tulle.proxy.flight;

import io.tulle.proxy.balance.Endpoint;
import io.tulle.proxy.plan.Cluster;
import io.tulle.proxy.route.MirrorPlan;
import java.util.Optional;

/** Makes the copies of one load for mirrors. The load never waits for them and never hears of them. */
public interface Copier {
    /** A cluster of the plan that the load keeps. */
    Optional<Cluster> cluster(String name);

    /** Sends a copy to a mirror's endpoint, or counts why not. */
    void copy(MirrorPlan.Mirror mirror, Cluster cluster, Endpoint endpoint);

    /** A mirror has nobody to send to. */
    void notCopied(MirrorPlan.Mirror mirror);
}
