package io.tulle.control.registry;

import io.tulle.model.SpiffeId;
import io.tulle.model.world.Instance;

/**
 * What a restart must know of an instance. Heartbeats are not stored: after a restart every known instance has a whole
 * lease to come back in, so their times would not be read.
 */
public record StoredLease(Instance instance, SpiffeId identity, String software, String host) {
    /** On a machine that is not known. */
    public StoredLease(Instance instance, SpiffeId identity, String software) {
        this(instance, identity, software, "");
    }
}
