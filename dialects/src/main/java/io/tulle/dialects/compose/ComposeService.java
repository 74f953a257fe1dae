package io.tulle.dialects.compose;

import io.tulle.model.Problem.Place;
import io.tulle.model.Protocol;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One entry of {@code services}.
 *
 * @param command program and arguments, {@code entrypoint} first; empty where the file has none
 * @param workingDirectory {@code working_dir}, else the context of {@code build}; relative to the file
 * @param ports doors published on the host
 * @param expose ports declared for the mesh alone
 * @param profiles when not empty, started only where one of them is asked for
 */
public record ComposeService(
        String name,
        Place place,
        List<String> command,
        Optional<String> image,
        Optional<String> workingDirectory,
        SortedMap<String, String> environment,
        List<Published> ports,
        List<Exposed> expose,
        SortedMap<String, Dependency> dependsOn,
        Optional<HealthCheck> healthCheck,
        Restart restart,
        int replicas,
        SortedMap<String, String> labels,
        List<String> profiles) {
    public ComposeService {
        command = List.copyOf(command);
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
        ports = List.copyOf(ports);
        expose = List.copyOf(expose);
        dependsOn = Collections.unmodifiableSortedMap(new TreeMap<>(dependsOn));
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        profiles = List.copyOf(profiles);
    }

    /** Whether it is something that runs elsewhere and is only depended on: an image and nothing to start. */
    public boolean isExternal() {
        return command.isEmpty() && image.isPresent();
    }

    /**
     * A door on the host.
     *
     * @param published the host's port; empty means any free one
     * @param host the address to bind; empty means the launcher's default, loopback
     */
    public record Published(int target, OptionalInt published, Optional<String> host, Protocol protocol) {}

    public record Exposed(int port, Protocol protocol) {}

    /** @param required whether the service may start although the other is not there at all */
    public record Dependency(Condition condition, boolean required) {}

    /** What a dependency must have reached. */
    public enum Condition {
        STARTED,
        HEALTHY,
        COMPLETED
    }

    /**
     * How to ask whether it is well; Compose's defaults where the file does not say.
     *
     * @param startPeriod after the start, in which failures do not count
     * @param startInterval how often it is asked in that period
     */
    public record HealthCheck(
            Test test, Duration interval, Duration timeout, int retries, Duration startPeriod, Duration startInterval) {
        public static final Duration INTERVAL = Duration.ofSeconds(30);
        public static final Duration START_INTERVAL = Duration.ofSeconds(5);
        public static final int RETRIES = 3;

        public sealed interface Test {
            /** {@code ["CMD", …]}: a program. */
            record Exec(List<String> command) implements Test {
                public Exec {
                    command = List.copyOf(command);
                }
            }

            /** A text, or {@code ["CMD-SHELL", …]}: a line for {@code /bin/sh -c}. */
            record Shell(String line) implements Test {}

            /** {@code ["NONE"]} or {@code disable: true}. */
            record None() implements Test {}
        }
    }

    /** When it is started again after it ended. */
    public sealed interface Restart {
        record No() implements Restart {}

        /** {@code always} and {@code unless-stopped}, which differ only across restarts of Docker itself. */
        record Always() implements Restart {}

        /** @param most how often; empty means without end */
        record OnFailure(OptionalInt most) implements Restart {}
    }
}
