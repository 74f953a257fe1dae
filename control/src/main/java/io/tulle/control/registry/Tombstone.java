package io.tulle.control.registry;

import io.tulle.model.ServiceName;
import io.tulle.model.world.ServicePort;
import java.time.Instant;
import java.util.List;

/**
 * A service whose last instance went. It says what its callers may call, and nothing of who may serve it next.
 *
 * @param since when it went
 */
public record Tombstone(ServiceName service, List<ServicePort> ports, Instant since) {
    public Tombstone {
        ports = List.copyOf(ports);
    }
}
