package io.tulle.cli.proxy;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchService;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Tells of changes in the folders of some files. Folders and not files are watched, since editors, and Kubernetes with its
 * mounted ConfigMaps, replace a file instead of writing to it.
 */
public final class FileWatch implements AutoCloseable {
    private static final long QUIET = 50; // ms: what one save does in several steps is one change

    private final WatchService watch;

    private FileWatch(WatchService watch) {
        this.watch = watch;
    }

    /**
     * Begins to watch.
     *
     * @param changed after each change, on a thread of the watch's own
     */
    public static FileWatch start(Collection<Path> files, Runnable changed) throws IOException {
        var watch = FileSystems.getDefault().newWatchService();
        var folders = new TreeSet<Path>();
        for (var file : files) {
            var path = file.toAbsolutePath();
            folders.add(
                    Files.isDirectory(path)
                            ? path
                            : Optional.ofNullable(path.getParent()).orElse(path));
        }
        for (var folder : folders) folder.register(watch, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
        var started = new FileWatch(watch);
        Thread.ofPlatform().daemon().name("files").start(() -> started.follow(changed));
        return started;
    }

    private void follow(Runnable changed) {
        try {
            while (true) {
                for (var key = watch.take(); key != null; key = watch.poll(QUIET, TimeUnit.MILLISECONDS)) {
                    key.pollEvents();
                    key.reset();
                }
                changed.run();
            }
        } catch (ClosedWatchServiceException _) {
            // closed
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        watch.close();
    }
}
