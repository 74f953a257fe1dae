package io.tulle.xds.registry;

import io.tulle.model.world.Claimant;
import io.tulle.model.world.Instance;
import io.tulle.model.world.Serving;

/**
 * What a sidecar says when it registers.
 *
 * @param software the sidecar's version
 * @param host names the machine and its boot, so that others of it can be heard instead; empty where it is not known
 * @param claimant which run speaks
 */
public record Announcement(Instance instance, String software, String host, Claimant claimant) {
    /** The same, its application listening elsewhere. */
    public Announcement serving(Serving now) {
        return new Announcement(instance.serving(now), software, host, claimant);
    }

    /** The same, of this run. */
    public Announcement by(Claimant run) {
        return new Announcement(instance, software, host, run);
    }
}
