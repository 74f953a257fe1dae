package io.tulle.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProgramTest {
    @TempDir
    private Path folder;

    @Test
    void aProgramIsFoundAsAShellFindsIt() throws Exception {
        var there = Files.createFile(
                folder.resolve("serve"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.createFile(folder.resolve("notes"));
        var path = "/nowhere:" + folder;
        assertTrue(Program.isThere("serve", path));
        assertTrue(Program.isThere(there.toString(), ""));
        assertFalse(Program.isThere("serve", "/nowhere"));
        assertFalse(Program.isThere("notes", path), "it cannot be executed");
        assertFalse(Program.isThere(folder.toString(), path), "a folder is no program");
    }
}
