package io.tulle.launch.capture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the choice depends on besides the command.
 *
 * @param linux network namespaces are Linux's
 * @param permitted whether this process may make namespaces and interfaces
 * @param missing the tools that a namespace needs and that are not on the path, each with the package that has it
 * @param interpreter the program of the command's {@code #!} line: {@code node} for {@code #!/usr/bin/env node}
 */
public record Facts(boolean linux, boolean permitted, List<String> missing, Optional<String> interpreter) {
    private static final int LONGEST_LINE = 256;
    private static final long NET_ADMIN = 1L << 12; // linux/capability.h
    private static final long SYS_ADMIN = 1L << 21;

    /** Each tool of a namespace, and Debian's package of it. */
    private static final Map<String, String> TOOLS = new TreeMap<>(
            Map.of("ip", "iproute2", "nft", "nftables", "nsenter", "util-linux", "unshare", "util-linux"));

    public Facts {
        missing = List.copyOf(missing);
    }

    /**
     * Looks at this machine and at the file that the command names.
     *
     * @param path the {@code PATH} by which the command will be found
     */
    public static Facts look(List<String> command, Path workingDirectory, String path) {
        var linux = System.getProperty("os.name", "").startsWith("Linux");
        var words = NodeCommand.unwrapped(command);
        var interpreter = words.stream()
                .findFirst()
                .flatMap(word -> find(word, workingDirectory, path))
                .flatMap(Facts::interpreterOf);
        var missing = TOOLS.entrySet().stream()
                .filter(tool -> find(tool.getKey(), workingDirectory, path).isEmpty())
                .map(tool -> tool.getKey() + " (package " + tool.getValue() + ")")
                .toList();
        return new Facts(linux, isPermitted(Path.of("/proc/self/status")), missing, interpreter);
    }

    /** Root alone does not do: a container's root has few of root's capabilities, and the status file says which. */
    static boolean isPermitted(Path status) {
        var needed = NET_ADMIN | SYS_ADMIN;
        try (var lines = Files.lines(status, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.startsWith("CapEff:"))
                    .map(line -> Long.parseUnsignedLong(
                            line.substring("CapEff:".length()).strip(), 16))
                    .anyMatch(capabilities -> (capabilities & needed) == needed);
        } catch (IOException | UncheckedIOException | NumberFormatException _) {
            return false;
        }
    }

    private static Optional<Path> find(String word, Path workingDirectory, String path) {
        var places = word.contains("/")
                ? Stream.of(workingDirectory.resolve(word))
                : Stream.of(path.split(":")).filter(folder -> !folder.isEmpty()).map(f -> Path.of(f, word));
        return places.filter(Files::isExecutable).filter(Files::isRegularFile).findFirst();
    }

    /** The program of a {@code #!} line; the one after {@code env} where that stands there. */
    static Optional<String> interpreterOf(Path file) {
        try (var in = Files.newInputStream(file)) {
            var start = new String(in.readNBytes(LONGEST_LINE), StandardCharsets.ISO_8859_1);
            if (!start.startsWith("#!")) return Optional.empty();
            var line = start.substring(2).lines().findFirst().orElse("").strip();
            return NodeCommand.unwrapped(List.of(line.split("\\s+"))).stream().findFirst();
        } catch (IOException _) {
            return Optional.empty(); // not readable: whoever starts it will say so
        }
    }
}
