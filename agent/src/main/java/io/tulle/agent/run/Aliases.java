package io.tulle.agent.run;

import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.NameSpec;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.Spec;
import java.util.ArrayList;
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

    /** @param namespace the application's */
    Snapshot in(Snapshot heard, String namespace) {
        if (meant.isEmpty()) return heard;
        var taken = new HashSet<String>();
        var named = new ArrayList<Spec>(heard.ofType(ResourceType.NAME).values());
        named.addAll(heard.ofType(ResourceType.LISTENER).values());
        named.forEach(spec -> {
            if (spec instanceof NameSpec name) taken.addAll(name.meantIn(namespace));
            if (spec instanceof ListenerSpec listener && listener.place() instanceof ListenerSpec.Place.Outbound place)
                taken.addAll(place.hosts());
        });
        return heard.with(named.stream()
                .map(spec -> switch (spec) {
                    case ListenerSpec listener -> with(listener, taken);
                    case NameSpec name -> with(name, namespace, taken);
                    default -> spec;
                })
                .toList());
    }

    private NameSpec with(NameSpec name, String namespace, Set<String> taken) {
        var more = names(name.meantIn(namespace), taken);
        return more.isEmpty() ? name : name.also(more);
    }

    /** What means one of these besides. */
    private List<String> names(List<String> hosts, Set<String> taken) {
        return meant.entrySet().stream()
                .filter(each -> hosts.contains(each.getValue()) && !taken.contains(each.getKey()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private ListenerSpec with(ListenerSpec listener, Set<String> taken) {
        if (!(listener.place()
                instanceof ListenerSpec.Place.Outbound(List<String> hosts, List<String> addresses, int port))) {
            return listener;
        }
        var all = new ArrayList<>(hosts);
        all.addAll(names(hosts, taken));
        return new ListenerSpec(
                listener.name(),
                new ListenerSpec.Place.Outbound(all, addresses, port),
                listener.chains(),
                listener.tellsPolicies());
    }
}
