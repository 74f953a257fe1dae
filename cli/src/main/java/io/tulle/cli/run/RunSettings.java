package io.tulle.cli.run;

import io.tulle.launch.capture.Capture;
import io.tulle.model.ServiceName;
import io.tulle.model.world.ServicePort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What one run is told.
 *
 * @param instance its id, a DNS label
 * @param folder its own, made by the run: {@code <mesh>/runs/<instance>}
 * @param publish declared port → where its door stands
 * @param capture how the application's connections reach the sidecar: hook or env
 * @param grace how long the application may take to end when it is told to (Kubernetes: 30 s)
 * @param drain how long work in flight may take before that
 * @param address where its sidecar listens for peers: loopback, unless instances on other hosts shall reach it
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
        String address) {
    public RunSettings {
        expose = List.copyOf(expose);
        publish = Map.copyOf(publish);
        command = List.copyOf(command);
    }

    /** For peers on this host alone. */
    public RunSettings(
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
            Duration grace) {
        this(
                instance,
                service,
                account,
                labels,
                expose,
                publish,
                command,
                workingDirectory,
                folder,
                capture,
                drain,
                grace,
                "127.0.0.1");
    }

    /** Where a published door stands on the host. */
    public record Door(String address, int port) {}
}
