package io.tulle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ComposeFilesTest {
    @TempDir
    private Path folder;

    @Test
    void theFileThatIsHereTakesItsOverrideAlong() throws IOException {
        Files.writeString(folder.resolve("docker-compose.yml"), "services: {}");
        assertEquals(List.of("docker-compose.yml"), names(ComposeFiles.inFolder(folder)));

        Files.writeString(folder.resolve("docker-compose.override.yml"), "services: {}");
        assertEquals(
                List.of("docker-compose.yml", "docker-compose.override.yml"), names(ComposeFiles.inFolder(folder)));
    }

    @Test
    void theCommandLineCountsMoreThanTheVariable() {
        var named = ComposeFiles.of(List.of(folder.resolve("a.yaml")), variables(Map.of("COMPOSE_FILE", "b.yaml")));
        assertEquals(List.of("a.yaml"), names(named));
        assertEquals(folder, named.folder());
    }

    @Test
    void theVariableNamesSeveralDividedAsAsked() {
        var usual = variables(Map.of("COMPOSE_FILE", folder + "/a.yaml:" + folder + "/dev/b.yaml"));
        assertEquals(List.of("a.yaml", "dev/b.yaml"), names(ComposeFiles.of(List.of(), usual)));

        var other = variables(
                Map.of("COMPOSE_FILE", folder + "/a.yaml;" + folder + "/../b.yaml", "COMPOSE_PATH_SEPARATOR", ";"));
        assertEquals(List.of("a.yaml", "../b.yaml"), names(ComposeFiles.of(List.of(), other)));
    }

    private static java.util.function.Function<String, Optional<String>> variables(Map<String, String> all) {
        return name -> Optional.ofNullable(all.get(name));
    }

    private static List<String> names(ComposeFiles files) {
        return files.files().stream()
                .map(file -> files.folder().relativize(file).toString())
                .toList();
    }
}
