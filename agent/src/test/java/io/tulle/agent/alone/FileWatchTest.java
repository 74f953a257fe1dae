package io.tulle.agent.alone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileWatchTest {
    private static final long NO_NEWS_MILLIS = 400; // many times what the watch waits for more

    @TempDir
    private Path folder;

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @Test
    void aLogBesideTheNamedFileIsNoChange() throws Exception {
        var mesh = Files.writeString(folder.resolve("mesh.yaml"), "0");
        var log = folder.resolve("log");
        try (var _ = FileWatch.start(List.of(mesh), () -> read(mesh, log))) {
            Files.writeString(mesh, "1");
            assertNotNull(heard.poll(30, TimeUnit.SECONDS));
            assertNull(heard.poll(NO_NEWS_MILLIS, TimeUnit.MILLISECONDS), "what it wrote itself was a change");
        }
    }

    @Test
    void aFileThatIsReplacedIsAChange() throws Exception {
        var mesh = Files.writeString(folder.resolve("mesh.yaml"), "0");
        try (var _ = FileWatch.start(List.of(mesh), () -> read(mesh, folder.resolve("log")))) {
            Files.move(
                    Files.writeString(folder.resolve(".mesh.yaml.swp"), "1"),
                    mesh,
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            assertEquals("1", heard.poll(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void ofAFolderDocumentsAreWatched() throws Exception {
        try (var _ = FileWatch.start(List.of(folder), () -> heard.add("changed"))) {
            Files.writeString(folder.resolve("log"), "nothing");
            assertNull(heard.poll(NO_NEWS_MILLIS, TimeUnit.MILLISECONDS), "a log is no document");
            Files.writeString(folder.resolve("more.yaml"), "1");
            assertEquals("changed", heard.poll(30, TimeUnit.SECONDS));
        }
    }

    private void read(Path mesh, Path log) {
        try {
            Files.writeString(log, "read again");
            heard.add(Files.readString(mesh));
        } catch (IOException e) {
            heard.add(e.toString());
        }
    }
}
