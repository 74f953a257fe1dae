package io.tulle.dialects.compose;

import io.tulle.dialects.reader.Node;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A folder with a package.json, asked before something of it is started: is what its command names there? */
final class NodeProject {
    /** Options of node that take the next word as their value. */
    private static final Set<String> WITH_VALUE = Set.of(
            "-r", "--require", "--import", "--loader", "--experimental-loader", "-C", "--conditions", "--env-file");

    private static final Set<String> WITHOUT_FILE =
            Set.of("-e", "--eval", "-p", "--print", "-v", "--version", "-h", "--help");
    private static final Set<String> RUNNERS = Set.of("npm", "pnpm", "yarn");

    private final String folder;
    private final Surroundings surroundings;

    /** @param folder relative to the Compose file */
    NodeProject(String folder, Surroundings surroundings) {
        this.folder = folder;
        this.surroundings = surroundings;
    }

    /** What is missing, and the line that makes it. */
    record Missing(String what, String mend) {}

    Optional<Missing> missing(List<String> command) {
        if (command.isEmpty()) return Optional.empty();
        var program = command.getFirst();
        var name = program.substring(program.lastIndexOf('/') + 1);
        if (name.equals("node") || name.equals("nodejs")) return ofNode(command);
        if (RUNNERS.contains(name)) return ofScript(name, command);
        return Optional.empty();
    }

    private Optional<Missing> ofNode(List<String> command) {
        var file = script(command);
        if (file.isPresent() && !isThere(file.get())) return Optional.of(new Missing(file.get(), build()));
        return packages();
    }

    private Optional<Missing> ofScript(String runner, List<String> command) {
        var words =
                command.stream().skip(1).filter(word -> !word.startsWith("-")).toList();
        if (words.isEmpty()) return Optional.empty();
        var isRun = words.getFirst().equals("run") || words.getFirst().equals("run-script");
        if (isRun && words.size() < 2) return Optional.empty();
        if (!isRun && runner.equals("npm") && !words.getFirst().equals("start")) return Optional.empty();
        var script = isRun ? words.get(1) : words.getFirst();
        var manifest = manifest();
        if (manifest.isEmpty())
            return Optional.of(new Missing("package.json", "write one, or write a command that needs none"));
        var line = JsonFields.text(manifest.get(), "scripts", script);
        if (line.isEmpty()) {
            if (!isRun && !runner.equals("npm")) return packages(); // a program of its packages
            return Optional.of(new Missing(
                    "a script '" + script + "' in package.json", "write it there, or name one that it has in command"));
        }
        var plain = line.get().matches("[^|&;<>()$`\\\\\"']*")
                ? List.of(line.get().strip().split("\\s+"))
                : List.<String>of();
        return packages()
                .or(() -> plain.isEmpty() || !plain.getFirst().equals("node") ? Optional.empty() : ofNode(plain));
    }

    private static Optional<String> script(List<String> command) {
        for (int i = 1; i < command.size(); i++) {
            var word = command.get(i);
            if (WITHOUT_FILE.contains(word)) return Optional.empty();
            if (WITH_VALUE.contains(word)) i++;
            else if (!word.startsWith("-")) return Optional.of(word);
        }
        return Optional.empty();
    }

    /** As Node finds it: with its extensions, or as a folder's index. */
    private boolean isThere(String file) {
        return Stream.of("", ".js", ".json", ".node", "/index.js", "/package.json")
                .map(end -> kind(file + end))
                .anyMatch(kind -> kind == Surroundings.Kind.FILE);
    }

    private Optional<Missing> packages() {
        var needs = manifest()
                .flatMap(document -> document.at("dependencies"))
                .filter(node -> node instanceof Node.Mapping mapping
                        && !mapping.entries().isEmpty());
        if (needs.isEmpty() || hasPackages()) return Optional.empty();
        return Optional.of(new Missing("node_modules", in(install())));
    }

    /** Node looks in every folder above too; those above the Compose file's count, as far as there are names for them. */
    private boolean hasPackages() {
        var above = Path.of(folder);
        for (int i = 0; i < 16; i++) {
            if (surroundings.kind(above.resolve("node_modules").toString()) == Surroundings.Kind.FOLDER) return true;
            above = above.resolve("..").normalize();
        }
        return kind(".pnp.cjs") == Surroundings.Kind.FILE;
    }

    /** The line that makes what a build makes. */
    private String build() {
        if (manifest()
                .flatMap(document -> JsonFields.text(document, "scripts", "build"))
                .isEmpty()) {
            return "make it, or write command: with what there is to run";
        }
        var install = hasPackages() ? "" : install() + " && ";
        return in(install + runner() + " run build");
    }

    private String install() {
        var isLocked = kind("package-lock.json") == Surroundings.Kind.FILE;
        return runner() + (runner().equals("npm") && isLocked ? " ci" : " install");
    }

    private String in(String line) {
        return folder.isEmpty() ? line : "cd " + folder + " && " + line;
    }

    private String runner() {
        if (kind("pnpm-lock.yaml") == Surroundings.Kind.FILE) return "pnpm";
        return kind("yarn.lock") == Surroundings.Kind.FILE ? "yarn" : "npm";
    }

    private Optional<Node> manifest() {
        return surroundings.file(Path.of(folder).resolve("package.json").toString())
                        instanceof Surroundings.Text.Found(var text)
                ? JsonFields.read(text)
                : Optional.empty();
    }

    private Surroundings.Kind kind(String path) {
        return surroundings.kind(Path.of(folder).resolve(path).normalize().toString());
    }
}
