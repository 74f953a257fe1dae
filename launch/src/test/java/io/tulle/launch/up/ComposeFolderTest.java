package io.tulle.launch.up;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ComposeFolderTest {
    @TempDir
    private Path folder;

    @Test
    void theCallersVariablesCountMoreThanThoseOfTheFile() throws IOException {
        Files.writeString(folder.resolve(".env"), "A=file\nB=$A\n");
        var opened = ComposeFolder.open(
                folder, name -> Optional.ofNullable(Map.of("A", "caller").get(name)));
        assertEquals(List.of(), opened.problems());
        assertEquals(Optional.of("caller"), opened.variable("A"));
        assertEquals(Optional.of("caller"), opened.variable("B"));
    }

    @Test
    void aDotEnvThatIsNotThereOrIsAFolderSaysNothing() throws IOException {
        assertEquals(List.of(), open().problems());
        Files.createDirectory(folder.resolve(".env"));
        assertEquals(List.of(), open().problems());
    }

    @Test
    void aDotEnvThatCannotBeReadIsAnError() throws IOException {
        Files.write(folder.resolve(".env"), new byte[] {'A', '=', (byte) 0xe9, '\n'});
        var problems = open().problems();
        assertEquals(List.of("TUL2250"), problems.stream().map(Problem::code).toList());
        assertTrue(problems.getFirst().isError());
    }

    @Test
    void aLineThatComposeWouldRefuseIsAnError() throws IOException {
        Files.writeString(folder.resolve(".env"), "A='open\n");
        assertEquals(
                List.of("TUL2239"),
                open().problems().stream().map(Problem::code).toList());
    }

    private ComposeFolder open() {
        return ComposeFolder.open(folder, _ -> Optional.empty());
    }
}
