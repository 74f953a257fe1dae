package io.tulle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tulle.model.world.MeshSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class RootNamespaceTest {
    @TempDir
    private Path path;

    private MeshFolder folder;

    @BeforeEach
    void start() throws IOException {
        folder = new MeshFolder(path);
        Files.createDirectories(folder.state());
    }

    @Test
    void whatIsSaidOnceStaysWithTheMesh() throws IOException {
        assertEquals(Optional.empty(), asking().in(MeshSettings.DEFAULT, folder).root());
        var asked = asking("--root-namespace", "istio-system");
        assertEquals("istio-system", asked.in(MeshSettings.DEFAULT, folder).rootNamespace());

        asked.keep(folder);

        assertEquals("istio-system", asking().in(MeshSettings.DEFAULT, folder).rootNamespace());
        asking().keep(folder);
        assertEquals(Optional.of("istio-system"), RootNamespace.kept(folder));
        asking("--root-namespace", "mesh").keep(folder);
        assertEquals("mesh", asking().in(MeshSettings.DEFAULT, folder).rootNamespace());
    }

    @Test
    void aRunningControlPlaneWithAnotherOneIsToldOf() throws IOException {
        asking().requireInForce(folder);
        assertEquals("TUL1349", codeOf(() -> asking("--root-namespace", "mesh").requireInForce(folder)));
        asking("--root-namespace", "mesh").keep(folder);
        asking("--root-namespace", "mesh").requireInForce(folder);
    }

    @Test
    void whatNamesNoNamespaceIsRefused() throws IOException {
        assertEquals(
                "TUL1017", codeOf(() -> asking("--root-namespace", "No/Name").asked()));
        Files.writeString(folder.state().resolve("root-namespace"), "two words\n");
        assertEquals("TUL1359", codeOf(() -> RootNamespace.kept(folder)));
    }

    private static RootNamespace asking(String... words) {
        return CommandLine.populateCommand(new RootNamespace(), words);
    }

    private static String codeOf(org.junit.jupiter.api.function.Executable refused) {
        return assertThrows(Failures.Failure.class, refused)
                .problems()
                .getFirst()
                .code();
    }
}
