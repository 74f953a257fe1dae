package io.tulle.agent.run;

import io.tulle.launch.capture.Capture;
import io.tulle.model.ServiceName;
import io.tulle.model.world.ServicePort;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one run is told.
 *
 * @param instance its id, a DNS label
 * @param folder its own, made by the run: {@code <mesh>/runs/<instance>}
 * @param publish declared port → where its door stands
 * @param capture how the application's connections reach the sidecar: hook or env
 * @param grace how long the application may take to end when it is told to (Kubernetes: 30 s)
 * @param reach where peers find its sidecar
 * @param aliases further names for the application, lower-case, each to a short name of its namespace
 * @param drain how long work in flight may take before that
 */
public record RunSettings(
        String instance,
        ServiceName service,
        String account,
        SortedMap<String, String> labels,
        List<ServicePort> expose,
        Map<Integer, Door> publish,
        List<String> command,
        Path workingDirectory,
        Path folder,
        Capture capture,
        Duration drain,
        Duration grace,
        Reach reach,
        SortedMap<String, String> aliases) {
    public RunSettings {
        expose = List.copyOf(expose);
        publish = Map.copyOf(publish);
        command = List.copyOf(command);
        aliases = Collections.unmodifiableSortedMap(new TreeMap<>(aliases));
    }

    /** Who it is to the control plane. */
    public Member member() {
        return new Member(instance, service, account, labels);
    }

    /**
     * Where peers find a sidecar.
     *
     * @param address where it listens: loopback, unless instances on other hosts shall reach it
     * @param port of the mesh; 0 takes any free one
     * @param advertised what peers are told in place of where it stands: the outside of a port mapping
     */
    public record Reach(String address, int port, Optional<InetSocketAddress> advertised) {
        /** Any free port, told as it is. */
        public static final Reach USUAL = new Reach("127.0.0.1", 0, Optional.empty());
    }

    /** Where a published door stands on the host. */
    public record Door(String address, int port) {}
}
