package io.tulle.xds.server;

import io.tulle.model.world.Serving;
import io.tulle.xds.Reply;
import io.tulle.xds.registry.Announcement;
import io.tulle.xds.registry.Beat;
import io.tulle.xds.registry.TrafficReport;
import java.time.Duration;

/** Keeps who is running. Called on threads that may block; of one stream never by two at a time. */
@FunctionalInterface
public interface RegistryHandler {
    Reply<Holding> register(Announcement announcement, Peer peer);

    /** A guardian says that a run was killed. Anybody may be calling; only who knows the run's number is to be believed. */
    default void ended(String instance, String run) {
        // who keeps no leases has none to end
    }

    /** One stream's registration. Exactly one of {@link #leave} and {@link #lost} ends it. */
    interface Holding {
        /** How long the lease lasts without a heartbeat. */
        Duration lease();

        /** @param report the edges whose numbers changed since the last heartbeat of this stream */
        Beat heartbeat(TrafficReport report);

        /** Other ports are listened on now than before. */
        void serving(Serving now);

        /** It goes now, by its own word. */
        void leave();

        /** Its stream ended without a word. */
        void lost();
    }
}
