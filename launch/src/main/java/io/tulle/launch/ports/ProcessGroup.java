package io.tulle.launch.ports;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** The processes of one group, by its number. */
public record ProcessGroup(long number) {
    private static final Path PROCESSES = Path.of("/proc");
    private static final String SOCKET = "socket:[";
    private static final int GROUP = 2; // counted from the state, which follows the process's name

    /** Inodes of the sockets that any of them holds open; processes of other users are left out. */
    Set<Long> sockets() {
        var inodes = new HashSet<Long>();
        try (var all = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
            for (var process : all) if (isMember(process)) socketsOf(process, inodes);
        } catch (IOException _) {
            // what was found so far
        }
        return inodes;
    }

    /** Whether any of them is there. */
    public boolean isThere() {
        try (var all = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
            for (var process : all) if (isMember(process)) return true;
        } catch (IOException _) {
            // nobody knows
        }
        return false;
    }

    private boolean isMember(Path process) {
        try {
            var stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            // The name is in parentheses and may hold anything, parentheses included.
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return fields.length > GROUP && fields[GROUP].equals(Long.toString(number));
        } catch (IOException | RuntimeException _) {
            return false; // it has ended
        }
    }

    private static void socketsOf(Path process, Set<Long> into) {
        try (var files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (var file : files) {
                var leads = Files.readSymbolicLink(file).toString(); // socket:[12345]
                if (leads.startsWith(SOCKET))
                    into.add(Long.parseLong(leads.substring(SOCKET.length(), leads.length() - 1)));
            }
        } catch (IOException | RuntimeException _) {
            // it has ended, or a file of it was closed meanwhile
        }
    }
}
