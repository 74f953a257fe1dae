package io.tulle.agent.alone;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Tells of changes in the folders of some files. Folders and not files are watched, since editors, and Kubernetes with its
 * mounted ConfigMaps, replace a file instead of writing to it.
 */
public final class FileWatch implements AutoCloseable {
    private static final long QUIET = 50; // ms: what one save does in several steps is one change
    private static final Pattern READ = Pattern.compile(".*\\.(ya?ml|json|pem)");
    private static final String SWAPPED = "..data";

    private final WatchService watch;
    private final Map<WatchKey, Predicate<Path>> meant = new HashMap<>();

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
        var started = new FileWatch(watch);
        for (var file : files) {
            var path = file.toAbsolutePath();
            var name = path.getFileName();
            if (Files.isDirectory(path) || name == null) started.follow(path, FileWatch::isRead);
            else started.follow(Optional.ofNullable(path.getParent()).orElse(path), name::equals);
        }
        Thread.ofPlatform().daemon().name("files").start(() -> started.follow(changed));
        return started;
    }

    /** What else lies in the folder is nobody's change: a log that is written there would be one for ever. */
    private void follow(Path folder, Predicate<Path> names) throws IOException {
        var key = folder.register(watch, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
        meant.merge(key, names, Predicate::or);
    }

    /** Of a whole folder: documents and PEM files, and the link by which Kubernetes swaps a mounted ConfigMap. */
    private static boolean isRead(Path name) {
        return READ.matcher(name.toString()).matches();
    }

    private void follow(Runnable changed) {
        try {
            while (true) {
                var due = false;
                for (var key = watch.take(); key != null; key = watch.poll(QUIET, TimeUnit.MILLISECONDS)) {
                    for (var event : key.pollEvents()) due |= isMeant(key, event);
                    key.reset();
                }
                if (due) changed.run();
            }
        } catch (ClosedWatchServiceException _) {
            // closed
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isMeant(WatchKey key, WatchEvent<?> event) {
        if (!(event.context() instanceof Path name)) return true; // too many events to tell them all
        return name.toString().equals(SWAPPED)
                || meant.getOrDefault(key, _ -> true).test(name);
    }

    @Override
    public void close() throws IOException {
        watch.close();
    }
}
