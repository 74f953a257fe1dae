package io.tulle.launch.up;

import io.tulle.dialects.reader.Json;
import io.tulle.dialects.reader.Node;
import io.tulle.dialects.reader.Reader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** {@code up.json} in a project's run directory: who holds the project, and what it has started. */
record StateFile(Path path) {
    static StateFile in(Path directory) {
        return new StateFile(directory.resolve("up.json"));
    }

    /**
     * A process that cannot be mistaken for another that got its number later.
     *
     * @param started milliseconds since 1970; 0 where the system does not tell
     */
    record Identity(long pid, long started) {
        /** A clock set anew moves what Linux computes from the boot time. */
        private static final Duration SLACK = Duration.ofSeconds(2);

        static Identity of(ProcessHandle process) {
            return new Identity(process.pid(), started(process));
        }

        /** The process, if it is there and the same. */
        Optional<ProcessHandle> find() {
            return ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    .filter(found -> started != 0 && Math.abs(started(found) - started) <= SLACK.toMillis());
        }

        private static long started(ProcessHandle process) {
            return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        }

        private Node toJson() {
            var fields = new LinkedHashMap<String, Node>();
            fields.put("pid", Node.of(pid));
            fields.put("started", Node.of(started));
            return Node.mapOf(fields);
        }
    }

    /** One instance, for {@code ps}. */
    record Line(String instance, String phase, Optional<Identity> process) {
        private Node toJson() {
            var fields = new LinkedHashMap<String, Node>();
            fields.put("instance", Node.of(instance));
            fields.put("phase", Node.of(phase));
            process.ifPresent(identity -> fields.put("process", identity.toJson()));
            return Node.mapOf(fields);
        }
    }

    void write(String project, List<Line> lines) {
        var fields = new LinkedHashMap<String, Node>();
        fields.put("project", Node.of(project));
        fields.put("session", Identity.of(ProcessHandle.current()).toJson());
        fields.put("instances", Node.listOf(lines.stream().map(Line::toJson).toList()));
        try {
            var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
            var beside = path.resolveSibling(path.getFileName() + ".new");
            Files.deleteIfExists(beside);
            Files.createFile(beside, owner);
            Files.writeString(beside, Json.compact(Node.mapOf(fields)));
            Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void delete() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Who holds the project; empty when nobody wrote, or nobody can read it. */
    Optional<Identity> session() {
        try {
            var reading = new Reader().json(path.toString(), Files.readAllBytes(path));
            return reading.documents().stream().findFirst().flatMap(document -> {
                var pid = number(document, "pid");
                var started = number(document, "started");
                return pid.flatMap(number -> started.map(since -> new Identity(number, since)));
            });
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static Optional<Long> number(Node document, String key) {
        return document.at("session", key)
                .flatMap(node -> node instanceof Node.Numeral(var _, var value) ? whole(value) : Optional.empty());
    }

    private static Optional<Long> whole(BigDecimal value) {
        try {
            return Optional.of(value.longValueExact());
        } catch (ArithmeticException _) {
            return Optional.empty();
        }
    }
}
