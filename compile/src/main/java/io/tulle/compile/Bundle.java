package io.tulle.compile;

import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointsSpec;
import io.tulle.xds.spec.NameSpec;
import io.tulle.xds.spec.RouteTableSpec;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What every client of one destination shares: computed once per change, sent to many. Nothing in it depends on who asks.
 *
 * @param service whose names mean it; empty for a destination that has only {@code hosts}
 * @param host canonical
 */
record Bundle(
        Optional<ServiceName> service, String host, List<String> hosts, List<String> addresses, List<Port> ports) {

    /**
     * One port of the destination.
     *
     * @param connections where connections go that are not routed by request
     * @param hashesSource whether these are told apart by their caller's address
     */
    record Port(
            int number,
            Protocol protocol,
            RouteTableSpec routes,
            List<ActionSpec.Target> connections,
            boolean hashesSource,
            List<ClusterSpec> clusters,
            List<EndpointsSpec> endpoints) {
        /** Whether somebody stands behind it, be it one that does not listen yet, or it lies outside the mesh. */
        boolean isServed() {
            return endpoints.stream().anyMatch(each -> !each.endpoints().isEmpty())
                    || clusters.stream()
                            .anyMatch(cluster -> !(cluster.source() instanceof ClusterSpec.Source.Discovered));
        }
    }

    /** What an application can mean by it. */
    NameSpec name() {
        var all = new TreeMap<Integer, Protocol>();
        ports.forEach(port -> all.put(port.number(), port.protocol()));
        var beside = service.isPresent()
                ? List.<String>of()
                : hosts.stream().filter(name -> !name.equals(host)).toList();
        return new NameSpec(host, beside, addresses, all, ports.stream().noneMatch(Port::isServed));
    }
}
