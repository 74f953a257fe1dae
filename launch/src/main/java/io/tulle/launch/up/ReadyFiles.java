package io.tulle.launch.up;

import io.tulle.launch.health.Timer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Waits for {@link Ready} files in the run directories below one folder, by the operating system's word and not by
 * looking again and again. All but the waiting itself happens on the timer's thread.
 */
final class ReadyFiles implements AutoCloseable {
    private final Path folder;
    private final Timer timer;
    private final WatchService watcher;
    private final Map<Path, Consumer<Ready>> awaited = new HashMap<>();

    private ReadyFiles(Path folder, Timer timer, WatchService watcher) {
        this.folder = folder;
        this.timer = timer;
        this.watcher = watcher;
    }

    /** @param folder must be there */
    static ReadyFiles watch(Path folder, Timer timer) {
        try {
            var files = new ReadyFiles(folder, timer, folder.getFileSystem().newWatchService());
            files.register(folder);
            Thread.ofPlatform().daemon().name("up-ready").start(files::listen);
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tells, once, when the run directory has its file. */
    void await(Path runDirectory, Consumer<Ready> found) {
        awaited.put(runDirectory, found);
        look();
    }

    void forget(Path runDirectory) {
        awaited.remove(runDirectory);
    }

    @Override
    public void close() {
        try {
            watcher.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void listen() {
        try {
            while (true) {
                var key = watcher.take();
                key.pollEvents(); // what happened does not matter: all that is awaited is looked at
                key.reset();
                timer.execute(this::look);
            }
        } catch (ClosedWatchServiceException | InterruptedException _) {
            // nobody waits any more
        }
    }

    private void look() {
        for (var runDirectory : List.copyOf(awaited.keySet())) {
            if (!Files.isDirectory(runDirectory)) continue; // the folder tells when it comes
            try {
                register(runDirectory); // first, so that a file made from here on is told
            } catch (IOException | ClosedWatchServiceException _) {
                continue; // gone again: a run empties its directory when it begins
            }
            Ready.read(runDirectory).ifPresent(ready -> {
                var found = awaited.remove(runDirectory);
                if (found != null) found.accept(ready);
            });
        }
    }

    private void register(Path directory) throws IOException {
        directory.register(watcher, StandardWatchEventKinds.ENTRY_CREATE);
    }

    /** For a message. */
    @Override
    public String toString() {
        return "ready files below " + folder;
    }
}
