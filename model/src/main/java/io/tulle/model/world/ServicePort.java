package io.tulle.model.world;

import io.tulle.model.Protocol;

/** A port that a service declares, in the mesh; it is no socket of any host. */
public record ServicePort(int port, Protocol protocol) {
    public ServicePort {
        if (port < 1 || port > 65535) throw new IllegalArgumentException("no such port: " + port);
    }
}
