package io.tulle.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShopTest {
    @TempDir
    private Path folder;

    @Test
    void whatIsMissingOrOlderThanItsSourcesIsMadeAgain() throws IOException {
        at("src/web/main.ts", 100);
        at("tsconfig.json", 50);
        assertTrue(isDue(), "missing");
        at("dist/main.js", 200);
        assertFalse(isDue(), "newer than all");
        at("src/web/deep/new.ts", 300);
        assertTrue(isDue(), "a source is newer");
        at("dist/deep/new.js", 300);
        assertFalse(isDue(), "as new as its sources");
        at("tsconfig.json", 400);
        assertTrue(isDue(), "the way to build it is newer");
    }

    @Test
    void sourcesThatAreNotThereMakeNothingDue() throws IOException {
        at("dist/main.js", 200);
        assertFalse(isDue());
    }

    private boolean isDue() throws IOException {
        return Shop.isDue(folder.resolve("dist"), folder.resolve("src"), folder.resolve("tsconfig.json"));
    }

    private void at(String name, long seconds) throws IOException {
        var file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, name);
        Files.setLastModifiedTime(file, FileTime.fromMillis(seconds * 1000));
    }
}
