package io.tulle.model.world;

import io.tulle.model.ServiceName;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A service of the mesh: declared by a resource, or known because instances announce it.
 *
 * @param addresses virtual addresses that also mean the service
 * @param selector the workloads behind it where it was declared with one; empty means the instances that name it
 */
public record Service(ServiceName name, List<ServicePort> ports, List<String> addresses, Optional<Selector> selector) {
    public Service {
        ports = ports.stream()
                .sorted(Comparator.comparingInt(ServicePort::port))
                .toList();
        addresses = List.copyOf(addresses);
    }

    public Optional<ServicePort> port(int number) {
        return ports.stream().filter(p -> p.port() == number).findFirst();
    }
}
