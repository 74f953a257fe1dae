package io.tulle.model.world;

import io.tulle.model.ServiceName;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an application is to others, as its sidecar announces it. Who hears configuration for it is a {@link ProxyNode}.
 *
 * @param id unique in the mesh, a DNS label ({@code cart-1}); also a DNS SAN of its certificate
 * @param account names the identity {@code spiffe://<trust domain>/ns/<namespace>/sa/<account>}
 * @param address where its sidecar listens for peers
 * @param meshPort the one port for all of them
 * @param ports what the application serves
 * @param doors plaintext doors that its sidecar publishes
 * @param unproven keys of labels of which its credential says nothing; by these it is a member of no Service
 * @param serving which of its ports are listened on now: of what is said only what can be of these ports
 */
public record Workload(
        String id,
        ServiceName service,
        String account,
        SortedMap<String, String> labels,
        String address,
        int meshPort,
        List<ServicePort> ports,
        List<Door> doors,
        Set<String> unproven,
        Serving serving) {
    public Workload {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        ports = List.copyOf(ports);
        doors = List.copyOf(doors);
        unproven = Collections.unmodifiableSortedSet(new TreeSet<>(unproven));
        serving = serving.among(ports);
    }

    /** One that serves all of its ports, and whose labels need no proof: the local user wrote them. */
    public static Workload of(
            String id,
            ServiceName service,
            String account,
            Map<String, String> labels,
            String address,
            int meshPort,
            List<ServicePort> ports,
            List<Door> doors) {
        return new Workload(
                id, service, account, new TreeMap<>(labels), address, meshPort, ports, doors, Set.of(), Serving.ALL);
    }

    /** The same, of some of whose labels its credential says nothing. */
    public Workload withUnproven(Set<String> keys) {
        return new Workload(id, service, account, labels, address, meshPort, ports, doors, keys, serving);
    }

    /** The same, its application listening elsewhere. */
    public Workload serving(Serving now) {
        return new Workload(id, service, account, labels, address, meshPort, ports, doors, unproven, now);
    }

    /** What it is called in metrics. */
    public WorkloadNames names() {
        return WorkloadNames.of(service, labels);
    }

    /** The labels by which policies select it: its own, and {@code app}, which most Istio configuration selects by. */
    public SortedMap<String, String> selectable() {
        var all = new TreeMap<>(labels);
        all.put(WorkloadNames.APP, names().app());
        return Collections.unmodifiableSortedMap(all);
    }

    /** Those of them that its credential covers. Only by these a Service may take it as one of its own. */
    public SortedMap<String, String> proven() {
        if (unproven.isEmpty()) return selectable();
        var all = new TreeMap<>(selectable());
        all.keySet().removeAll(unproven);
        return Collections.unmodifiableSortedMap(all);
    }

    /** A port published on the host: {@code address:bound} leads to the declared port. */
    public record Door(int port, String address, int bound) {}
}
