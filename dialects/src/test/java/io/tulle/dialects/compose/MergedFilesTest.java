package io.tulle.dialects.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Projects of several files. Those that begin with a number are named with {@code -f}, in that order; the others are there
 * to be included or extended. {@code GOLDEN_WRITE=1} writes {@code read.txt} anew.
 */
class MergedFilesTest {
    private static final Path PROJECTS = Path.of("src/test/resources/compose-files");

    static List<String> projects() throws IOException {
        try (var all = Files.list(PROJECTS)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("projects")
    void aProjectOfSeveralFilesIsReadAsItsGoldenSays(String name) throws IOException {
        var folder = PROJECTS.resolve(name);
        var files = new ArrayList<ComposeText>();
        for (var file : named(folder))
            files.add(new ComposeText(file.getFileName().toString(), Files.readAllBytes(file)));

        var reading = ComposeReader.read(files, new Folder(folder), new Profiles(Set.of("web")));

        var text = new StringBuilder();
        reading.file()
                .name()
                .ifPresent(project -> text.append("name ").append(project).append('\n'));
        reading.file().services().values().forEach(service -> text.append(ComposeTest.shown(service)));
        reading.problems()
                .forEach(problem -> text.append(problem.isError() ? "error " : "warning ")
                        .append(problem.explained())
                        .append('\n'));
        if (System.getenv("GOLDEN_WRITE") != null) Files.writeString(folder.resolve("read.txt"), text);
        assertEquals(Files.readString(folder.resolve("read.txt")), text.toString());
    }

    private static List<Path> named(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(path ->
                            Character.isDigit(path.getFileName().toString().charAt(0)))
                    .sorted()
                    .toList();
        }
    }

    private record Folder(Path path) implements Surroundings {
        @Override
        public Optional<String> variable(String name) {
            return Optional.empty();
        }

        @Override
        public Text file(String name) {
            try {
                return new Text.Found(Files.readString(path.resolve(name)));
            } catch (IOException _) {
                return new Text.Missing();
            }
        }

        @Override
        public Kind kind(String path) {
            return Kind.FILE; // all that commands name is built
        }
    }
}
