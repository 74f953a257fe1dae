package io.tulle.model.world;

import io.tulle.model.Protocol;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * A port that a service declares, in the mesh; it is no socket of any host.
 *
 * @param target the port that its instances serve it at (Kubernetes' targetPort); empty where that is said by a name, which
 *     each instance answers by the ports that it serves
 * @param name as its Service calls it; empty where it does not
 */
public record ServicePort(int port, Protocol protocol, OptionalInt target, String name) {
    public ServicePort {
        if (port < 1 || port > 65535) throw new IllegalArgumentException("no such port: " + port);
    }

    /** A port without a name. */
    public ServicePort(int port, Protocol protocol, OptionalInt target) {
        this(port, protocol, target, "");
    }

    /** A port that instances serve under its own number. */
    public ServicePort(int port, Protocol protocol) {
        this(port, protocol, OptionalInt.of(port));
    }

    /**
     * Which of an instance's ports serves this one; empty when none does. A name means the port of the same number, else
     * the only one of the same protocol, else the only one there is.
     */
    public OptionalInt servedAt(List<ServicePort> served) {
        if (target.isPresent()) return only(served, p -> p.port() == target.getAsInt());
        var same = only(served, p -> p.port() == port);
        if (same.isPresent()) return same;
        var spoken = only(served, p -> p.protocol() == protocol);
        return spoken.isPresent() ? spoken : only(served, _ -> true);
    }

    private static OptionalInt only(List<ServicePort> served, Predicate<ServicePort> wanted) {
        var found = served.stream()
                .filter(wanted)
                .mapToInt(ServicePort::port)
                .distinct()
                .limit(2)
                .toArray();
        return found.length == 1 ? OptionalInt.of(found[0]) : OptionalInt.empty();
    }
}
