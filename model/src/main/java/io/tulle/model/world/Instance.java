package io.tulle.model.world;

import io.tulle.model.ServiceName;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One running workload with its sidecar, as it announced itself.
 *
 * @param id unique in the mesh, a DNS label ({@code cart-1}); also a DNS SAN of its certificate
 * @param account names the identity {@code spiffe://<trust domain>/ns/<namespace>/sa/<account>}
 * @param address where its sidecar listens for peers
 * @param meshPort the one port for all of them
 * @param ports what the application serves
 * @param doors plaintext doors that its sidecar publishes
 * @param capabilities what its proxy can do beyond xDS ({@code nest-tcp})
 * @param unproven keys of labels of which its credential says nothing; by these it is a member of no Service
 * @param serving which of its ports are listened on now
 */
public record Instance(
        String id,
        ServiceName service,
        String account,
        SortedMap<String, String> labels,
        String address,
        int meshPort,
        List<ServicePort> ports,
        List<Door> doors,
        Set<String> capabilities,
        Liveness liveness,
        Set<String> unproven,
        Serving serving) {
    public Instance {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        ports = List.copyOf(ports);
        doors = List.copyOf(doors);
        capabilities = Collections.unmodifiableSortedSet(new TreeSet<>(capabilities));
        unproven = Collections.unmodifiableSortedSet(new TreeSet<>(unproven));
    }

    /** An instance whose labels need no proof: the local user wrote them. */
    public Instance(
            String id,
            ServiceName service,
            String account,
            SortedMap<String, String> labels,
            String address,
            int meshPort,
            List<ServicePort> ports,
            List<Door> doors,
            Set<String> capabilities,
            Liveness liveness) {
        this(
                id,
                service,
                account,
                labels,
                address,
                meshPort,
                ports,
                doors,
                capabilities,
                liveness,
                Set.of(),
                Serving.ALL);
    }

    /** One whose application serves all of its ports. */
    public Instance(
            String id,
            ServiceName service,
            String account,
            SortedMap<String, String> labels,
            String address,
            int meshPort,
            List<ServicePort> ports,
            List<Door> doors,
            Set<String> capabilities,
            Liveness liveness,
            Set<String> unproven) {
        this(
                id,
                service,
                account,
                labels,
                address,
                meshPort,
                ports,
                doors,
                capabilities,
                liveness,
                unproven,
                Serving.ALL);
    }

    /** The same instance at another stage of its life. */
    public Instance as(Liveness now) {
        return new Instance(
                id, service, account, labels, address, meshPort, ports, doors, capabilities, now, unproven, serving);
    }

    /** The same instance, of some of whose labels its credential says nothing. */
    public Instance withUnproven(Set<String> keys) {
        return new Instance(
                id, service, account, labels, address, meshPort, ports, doors, capabilities, liveness, keys, serving);
    }

    /** The same instance, its application listening elsewhere. */
    public Instance serving(Serving now) {
        return new Instance(
                id, service, account, labels, address, meshPort, ports, doors, capabilities, liveness, unproven, now);
    }

    /** A port published on the host: {@code address:bound} leads to the declared port. */
    public record Door(int port, String address, int bound) {}

    /** How sure the control plane is that it is there. */
    public enum Liveness {
        LIVE,
        /** Its stream is lost or its lease over: used when nothing better is left. */
        SUSPECT
    }
}
