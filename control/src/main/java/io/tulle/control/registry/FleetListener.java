package io.tulle.control.registry;

import io.tulle.model.world.Fleet;

/** Hears each change, in order and one at a time, while the registry waits: it must return at once and not call back. */
@FunctionalInterface
public interface FleetListener {
    void changed(Fleet fleet);
}
