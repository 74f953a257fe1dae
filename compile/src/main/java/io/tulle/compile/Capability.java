package io.tulle.compile;

import io.tulle.model.world.ProxyNode;

/** What kind of node hears something: the same destination is told to each in its own form. */
enum Capability {
    /** Reads Nest TCP message by message ({@code nest-tcp}). */
    MESSAGES,
    /** A proxy that reads HTTP, and takes Nest TCP as bytes. */
    BYTES,
    /** A gRPC client that takes xDS itself: each listener is one to dial by name. */
    PROXYLESS;

    static Capability of(ProxyNode node) {
        return switch (node.kind()) {
            case PROXYLESS -> PROXYLESS;
            case SIDECAR, GATEWAY -> node.readsMessages() ? MESSAGES : BYTES;
        };
    }
}
