package io.tulle.xds.registry;

import io.tulle.model.world.Claimant;
import io.tulle.model.world.Serving;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an instance announces.
 *
 * @param address and {@code meshPort}: where its sidecar listens for peers
 * @param capabilities what its proxy can do beyond xDS ({@code nest-tcp})
 * @param version the sidecar's
 * @param serving which of the ports are listened on now
 * @param host names the machine and its boot, so that others of it can be heard instead; empty where it is not known
 * @param claimant which run speaks
 */
public record InstanceFacts(
        String id,
        String namespace,
        String service,
        String account,
        SortedMap<String, String> labels,
        String address,
        int meshPort,
        List<Port> ports,
        List<Door> doors,
        SortedSet<String> capabilities,
        String version,
        Serving serving,
        String host,
        Claimant claimant) {
    public InstanceFacts {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        ports = List.copyOf(ports);
        doors = List.copyOf(doors);
        capabilities = Collections.unmodifiableSortedSet(new TreeSet<>(capabilities));
    }

    /** One whose application serves all of its ports. */
    public InstanceFacts(
            String id,
            String namespace,
            String service,
            String account,
            SortedMap<String, String> labels,
            String address,
            int meshPort,
            List<Port> ports,
            List<Door> doors,
            SortedSet<String> capabilities,
            String version) {
        this(
                id,
                namespace,
                service,
                account,
                labels,
                address,
                meshPort,
                ports,
                doors,
                capabilities,
                version,
                Serving.ALL,
                "",
                Claimant.UNTOLD);
    }

    /** The same, on a machine that is named: its boot id, as {@code /proc/sys/kernel/random/boot_id} says it. */
    public InstanceFacts on(String machine) {
        return with(serving, machine, claimant);
    }

    /** The same, its application listening elsewhere. */
    public InstanceFacts with(Serving now) {
        return with(now, host, claimant);
    }

    /** The same, of this run. */
    public InstanceFacts by(Claimant run) {
        return with(serving, host, run);
    }

    private InstanceFacts with(Serving now, String machine, Claimant run) {
        return new InstanceFacts(
                id,
                namespace,
                service,
                account,
                labels,
                address,
                meshPort,
                ports,
                doors,
                capabilities,
                version,
                now,
                machine,
                run);
    }

    /** Without labels, doors and capabilities. */
    public static InstanceFacts of(String id, String namespace, String service, String address, int meshPort) {
        return new InstanceFacts(
                id,
                namespace,
                service,
                service,
                new TreeMap<>(Map.of()),
                address,
                meshPort,
                List.of(),
                List.of(),
                new TreeSet<>(),
                "");
    }

    /** A port that the application serves; the protocol as users write it, empty when undeclared. */
    public record Port(int port, String protocol) {}

    /** A plaintext door that its sidecar publishes: {@code address:bound} leads to the declared port. */
    public record Door(int port, String address, int bound) {}
}
