package io.tulle.xds.server;

import io.tulle.xds.Reply;
import io.tulle.xds.registry.Beat;
import io.tulle.xds.registry.InstanceFacts;
import java.time.Duration;

/** Keeps who is running. Called on threads that may block; of one stream never by two at a time. */
@FunctionalInterface
public interface RegistryHandler {
    Reply<Holding> register(InstanceFacts facts, Peer peer);

    /** One stream's registration. Exactly one of {@link #leave} and {@link #lost} ends it. */
    interface Holding {
        /** How long the lease lasts without a heartbeat. */
        Duration lease();

        Beat heartbeat();

        /** It goes now, by its own word. */
        void leave();

        /** Its stream ended without a word. */
        void lost();
    }
}
