package io.tulle.compile;

import io.tulle.model.world.Instance;

/** What kind of node hears something: the same destination is told to each in its own form. */
enum Capability {
    /** Reads Nest TCP message by message ({@code nest-tcp}). */
    MESSAGES,
    /** A proxy that reads HTTP, and takes Nest TCP as bytes. */
    BYTES,
    /** A gRPC client that takes xDS itself ({@code proxyless-grpc}): each listener is one to dial by name. */
    PROXYLESS;

    static Capability of(Instance instance) {
        if (instance.capabilities().contains("proxyless-grpc")) return PROXYLESS;
        return instance.capabilities().contains("nest-tcp") ? MESSAGES : BYTES;
    }
}
