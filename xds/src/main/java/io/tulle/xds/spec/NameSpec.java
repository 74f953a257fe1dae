package io.tulle.xds.spec;

import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A destination by name alone: what an application can mean by it. All that a sidecar hears of a destination until its application
 * dials it.
 *
 * @param name the canonical host
 * @param hosts names that mean it beside those that follow from the host of a service, lower-case
 * @param addresses IP addresses that mean it, and blocks of them
 * @param vacant whether nobody stands behind it now
 */
public record NameSpec(
        String name, List<String> hosts, List<String> addresses, SortedMap<Integer, Protocol> ports, boolean vacant)
        implements Spec {
    public NameSpec {
        if (name.isEmpty()) throw new IllegalArgumentException("a destination without a host");
        hosts = hosts.stream().sorted().distinct().toList();
        addresses = addresses.stream().sorted().distinct().toList();
        ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
    }

    @Override
    public ResourceType type() {
        return ResourceType.NAME;
    }

    @Override
    public Set<Ref> references() {
        return Set.of();
    }

    /** Every name that means it to a workload of a namespace. */
    public List<String> meantIn(String namespace) {
        var all = new ArrayList<String>();
        ServiceName.ofHost(name)
                .ifPresentOrElse(service -> all.addAll(service.spellings(namespace)), () -> all.add(name));
        all.addAll(hosts);
        return all;
    }

    /** The same with more names. */
    public NameSpec also(List<String> more) {
        var all = new ArrayList<>(hosts);
        all.addAll(more);
        return new NameSpec(name, all, addresses, ports, vacant);
    }
}
