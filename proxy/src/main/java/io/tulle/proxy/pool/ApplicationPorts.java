package io.tulle.proxy.pool;

import io.tulle.proxy.plan.Addresses;
import io.tulle.proxy.preface.LaunchSecret;
import java.net.SocketAddress;
import java.util.Optional;

/** Where the own application really listens for a port that it declared: the hook moved it, or it is where it says. */
@FunctionalInterface
public interface ApplicationPorts {
    /** Empty when it does not listen (yet). Thread-safe; asked at each new connection. */
    Optional<Place> of(int declaredPort);

    /** The application listens where it says, on loopback, and no preface is sent. */
    static ApplicationPorts asDeclared() {
        return port -> Optional.of(new Place(Addresses.loopback(port), Optional.empty()));
    }

    /**
     * @param secret what the application's hook asks for in a PROXY header; empty when it knows nothing of the mesh
     */
    record Place(SocketAddress address, Optional<LaunchSecret> secret) {}
}
