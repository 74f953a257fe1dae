package io.tulle.xds.spec;

import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** The endpoints of the cluster of the same name, sorted, so that their order of arrival never matters. */
public record EndpointsSpec(String name, List<EndpointSpec> endpoints) implements Spec {
    public EndpointsSpec {
        endpoints = endpoints.stream()
                .sorted(Comparator.comparing(EndpointSpec::instance)
                        .thenComparing(EndpointSpec::address)
                        .thenComparingInt(EndpointSpec::port))
                .toList();
    }

    @Override
    public ResourceType type() {
        return ResourceType.ENDPOINTS;
    }

    @Override
    public Set<Ref> references() {
        return Set.of();
    }
}
