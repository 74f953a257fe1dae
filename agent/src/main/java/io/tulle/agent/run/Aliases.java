package io.tulle.agent.run;

import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.Spec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Names that one application has for services beside the mesh's own: {@code mysql_db} for {@code mysql-db}. They are put
 * where the sidecar's destinations have their names, so that hook, network and environment all know them. A name that the
 * mesh gives to something is never taken over.
 */
record Aliases(SortedMap<String, String> meant) {
    Aliases {
        meant = new TreeMap<>(meant);
    }

    Snapshot in(Snapshot heard) {
        if (meant.isEmpty()) return heard;
        var taken = new HashSet<String>();
        heard.all(ResourceType.LISTENER, ListenerSpec.class).values().forEach(listener -> {
            if (listener.place() instanceof ListenerSpec.Place.Outbound place) taken.addAll(place.hosts());
        });
        var specs = new ArrayList<Spec>();
        heard.specs().values().stream()
                .map(Map::values)
                .flatMap(Collection::stream)
                .forEach(spec -> specs.add(spec instanceof ListenerSpec listener ? with(listener, taken) : spec));
        return Snapshot.of(specs);
    }

    private ListenerSpec with(ListenerSpec listener, Set<String> taken) {
        if (!(listener.place()
                instanceof ListenerSpec.Place.Outbound(List<String> hosts, List<String> addresses, int port))) {
            return listener;
        }
        var all = new ArrayList<>(hosts);
        meant.forEach((alias, name) -> {
            if (hosts.contains(name) && !taken.contains(alias)) all.add(alias);
        });
        return new ListenerSpec(
                listener.name(),
                new ListenerSpec.Place.Outbound(all, addresses, port),
                listener.chains(),
                listener.tellsPolicies());
    }
}
