package io.tulle.cli;

import io.tulle.cli.code.CliCode;
import io.tulle.dialects.compose.ComposeText;
import io.tulle.launch.up.ComposeFolder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The Compose files of a project, found as Compose finds them: those of {@code -f}, else of {@code COMPOSE_FILE} with
 * {@code COMPOSE_PATH_SEPARATOR}, else the one that is here with the override beside it. The folder of the first is the
 * project's, to which all paths in all files are relative.
 */
record ComposeFiles(List<Path> files) {
    private static final List<String> NAMES =
            List.of("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml");
    private static final List<String> OVERRIDES = List.of(
            "compose.override.yml",
            "compose.override.yaml",
            "docker-compose.override.yml",
            "docker-compose.override.yaml");

    ComposeFiles {
        files = files.stream().map(file -> file.toAbsolutePath().normalize()).toList();
    }

    /** @param variable of the caller's environment */
    static ComposeFiles of(List<Path> named, Function<String, Optional<String>> variable) {
        if (!named.isEmpty()) return new ComposeFiles(named);
        var here = Path.of("").toAbsolutePath();
        var beside = ComposeFolder.open(here, variable); // .env may say it too; what is wrong in it is told later
        var written = beside.variable("COMPOSE_FILE").filter(text -> !text.isEmpty());
        if (written.isEmpty()) return inFolder(here);
        var separator = beside.variable("COMPOSE_PATH_SEPARATOR")
                .filter(text -> !text.isEmpty())
                .orElse(File.pathSeparator);
        return new ComposeFiles(Stream.of(written.get().split(Pattern.quote(separator)))
                .filter(name -> !name.isBlank())
                .map(name -> here.resolve(name.strip()))
                .toList());
    }

    static ComposeFiles inFolder(Path folder) {
        var found = first(NAMES, folder);
        if (found.isEmpty())
            throw new Failures.Failure(
                    Exit.USAGE,
                    List.of(CliCode.NO_COMPOSE_FILE.problem(
                            "there is no Compose file here", "name one with -f, or go to its folder")));
        var all = new ArrayList<Path>(found.stream().toList());
        first(OVERRIDES, folder).ifPresent(all::add);
        return new ComposeFiles(all);
    }

    private static Optional<Path> first(List<String> names, Path folder) {
        return names.stream().map(folder::resolve).filter(Files::exists).findFirst();
    }

    Path folder() {
        return Optional.ofNullable(files.getFirst().getParent()).orElse(Path.of("/"));
    }

    /** Called as they stand to the project's folder. */
    List<ComposeText> texts() throws IOException {
        var all = new ArrayList<ComposeText>();
        for (var file : files) all.add(new ComposeText(folder().relativize(file).toString(), Files.readAllBytes(file)));
        return all;
    }
}
