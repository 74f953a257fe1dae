package io.tulle.model.world;

import io.tulle.model.ServiceName;
import io.tulle.model.policy.Balancing;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A service of the mesh: declared by a resource, or known because instances announce it.
 *
 * @param addresses virtual addresses that also mean the service
 * @param selector the workloads behind it where it was declared with one; empty means the instances that name it
 * @param exportedTo the clients that see it
 * @param balancing how an endpoint is chosen where no DestinationRule says it; empty for the mesh's own way
 */
public record Service(
        ServiceName name,
        List<ServicePort> ports,
        List<String> addresses,
        Optional<Selector> selector,
        Visibility exportedTo,
        Optional<Balancing> balancing) {
    public Service {
        ports = ports.stream()
                .sorted(Comparator.comparingInt(ServicePort::port))
                .toList();
        addresses = List.copyOf(addresses);
    }

    /** One that says nothing of how its endpoints are chosen. */
    public Service(
            ServiceName name,
            List<ServicePort> ports,
            List<String> addresses,
            Optional<Selector> selector,
            Visibility exportedTo) {
        this(name, ports, addresses, selector, exportedTo, Optional.empty());
    }

    /** One that every client sees. */
    public Service(ServiceName name, List<ServicePort> ports, List<String> addresses, Optional<Selector> selector) {
        this(name, ports, addresses, selector, Visibility.EVERYWHERE);
    }

    public Optional<ServicePort> port(int number) {
        return ports.stream().filter(p -> p.port() == number).findFirst();
    }
}
