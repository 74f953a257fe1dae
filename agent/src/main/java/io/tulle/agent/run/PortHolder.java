package io.tulle.agent.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Who listens at a TCP port of this host, by the kernel's tables, as far as this user may look into processes. */
final class PortHolder {
    private static final Path PROC = Path.of("/proc");
    private static final String LISTENING = "0A"; // TCP_LISTEN in /proc/net/tcp
    private static final int INODE = 9;

    private PortHolder() {}

    /** Such as {@code pid 4242 (node)}; empty when nobody listens there, or it cannot be seen who. */
    static Optional<String> of(int port) {
        var sockets = new HashSet<String>();
        for (var table : List.of("net/tcp", "net/tcp6")) collect(PROC.resolve(table), port, sockets);
        if (sockets.isEmpty()) return Optional.empty();
        try (var processes = Files.list(PROC)) {
            return processes
                    .filter(process -> process.getFileName().toString().matches("[0-9]+"))
                    .filter(process -> holdsOne(process, sockets))
                    .findFirst()
                    .map(PortHolder::named);
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static void collect(Path table, int port, Set<String> sockets) {
        var ending = String.format(":%04X", port);
        try (var lines = Files.lines(table)) {
            lines.skip(1)
                    .map(line -> line.strip().split("\\s+"))
                    .filter(columns ->
                            columns.length > INODE && columns[1].endsWith(ending) && columns[3].equals(LISTENING))
                    .forEach(columns -> sockets.add("socket:[" + columns[INODE] + "]"));
        } catch (IOException _) {
            // no such table here: then nothing is known
        }
    }

    private static boolean holdsOne(Path process, Set<String> sockets) {
        try (Stream<Path> open = Files.list(process.resolve("fd"))) {
            return open.anyMatch(descriptor -> sockets.contains(target(descriptor)));
        } catch (IOException _) {
            return false; // another user's, or gone
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException _) {
            return "";
        }
    }

    private static String named(Path process) {
        var pid = "pid " + process.getFileName();
        try {
            return pid + " (" + Files.readString(process.resolve("comm")).strip() + ")";
        } catch (IOException _) {
            return pid;
        }
    }
}
