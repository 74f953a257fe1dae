package io.tulle.dialects.compose;

import io.tulle.model.Problem.Place;
import io.tulle.model.Protocol;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One entry of {@code services}.
 *
 * @param name as written; others of the file depend on it by this
 * @param meshName the name in the mesh, a DNS label: {@code mysql-db} of {@code mysql_db}
 * @param alsoCalled the other names by which applications reach it, lower-case: its name as written, its container's
 * @param links names that this entry alone has for others, to their names as written
 * @param command program and arguments, {@code entrypoint} first; of the Dockerfile where the entry has none
 * @param workingDirectory where the command runs, relative to the file: what the image's directory is copied from or
 *     mounted of, else the context of {@code build}, else as written
 * @param environment of the image too
 * @param ports doors published on the host
 * @param expose ports declared for the mesh alone
 * @param profiles when not empty, started only where one of them is asked for
 */
public record ComposeService(
        String name,
        Place place,
        String meshName,
        SortedSet<String> alsoCalled,
        SortedMap<String, String> links,
        Role role,
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
        alsoCalled = Collections.unmodifiableSortedSet(new TreeSet<>(alsoCalled));
        links = Collections.unmodifiableSortedMap(new TreeMap<>(links));
        command = List.copyOf(command);
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
        ports = List.copyOf(ports);
        expose = List.copyOf(expose);
        dependsOn = Collections.unmodifiableSortedMap(new TreeMap<>(dependsOn));
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        profiles = List.copyOf(profiles);
    }

    public boolean isExternal() {
        return role instanceof Role.External;
    }

    /** Who runs it. */
    public sealed interface Role {
        /** Tulle starts the command on this host. */
        record Started() implements Role {}

        /**
         * It runs elsewhere, perhaps in Docker, and is only depended on.
         *
         * @param address where, {@code HOST} or {@code HOST:PORT}; empty for the ports that it publishes on this host
         */
        record External(Optional<String> address) implements Role {}
    }

    /**
     * A door on the host.
     *
     * @param published the host's port; empty means any free one
     * @param spare how many more of the host's there are behind it, for more replicas
     * @param host the address to bind; empty means the launcher's default, loopback
     */
    public record Published(int target, OptionalInt published, int spare, Optional<String> host, Protocol protocol) {}

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

        /** As Docker writes it: {@code no}, {@code always}, {@code unless-stopped}, {@code on-failure} or {@code on-failure:3}. */
        static Optional<Restart> parse(String text) {
            return switch (text) {
                case "no" -> Optional.of(new No());
                case "always", "unless-stopped" -> Optional.of(new Always());
                case "on-failure" -> Optional.of(new OnFailure(OptionalInt.empty()));
                default ->
                    text.matches("on-failure:[0-9]{1,6}")
                            ? Optional.of(new OnFailure(OptionalInt.of(Integer.parseInt(text.substring(11)))))
                            : Optional.empty();
            };
        }
    }
}
