package io.tulle.launch.capture;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the choice depends on besides the command.
 *
 * @param linux network namespaces are Linux's
 * @param hasIp whether the {@code ip} tool is on the path
 * @param interpreter the program of the command's {@code #!} line: {@code node} for {@code #!/usr/bin/env node}
 * @param netnsBuilt whether this Tulle has the capture at all
 */
public record Facts(boolean linux, boolean root, boolean hasIp, Optional<String> interpreter, boolean netnsBuilt) {
    private static final int LONGEST_LINE = 256;

    /** Whether this version of Tulle can put a process into a namespace. */
    static final boolean NETNS_BUILT = false;

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
        var root = "root".equals(System.getProperty("user.name", ""));
        return new Facts(linux, root, find("ip", workingDirectory, path).isPresent(), interpreter, NETNS_BUILT);
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
