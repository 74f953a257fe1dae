package io.tulle.launch.output;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Reads what {@link KeptOutput} keeps, from another process and while it grows. */
public final class OutputReader implements AutoCloseable {
    /** The operating system tells of each change; only whether the run is still there has to be looked for. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Path file;
    private final OutputStream to;
    private Optional<Opened> now = Optional.empty();

    public OutputReader(Path file, OutputStream to) {
        this.file = file;
        this.to = to;
    }

    /** @param key which file it is, whatever it is called by now */
    private record Opened(FileChannel channel, String key) {}

    /** Whether anything is kept. */
    public static boolean isThere(Path file) {
        return Files.exists(file) || Files.exists(KeptOutput.older(file));
    }

    /**
     * Prints what is there.
     *
     * @param tail this many of the last lines; empty for all
     */
    public void print(OptionalInt tail) throws IOException {
        now = open(file);
        var all = new ByteArrayOutputStream();
        var before = open(KeptOutput.older(file));
        if (before.isPresent()) {
            try (var channel = before.get().channel()) {
                if (!isNow(before.get())) copy(channel, all);
            }
        }
        if (now.isPresent()) copy(now.get().channel(), all);
        var bytes = all.toByteArray();
        var from = tail.isPresent() ? lastLines(bytes, tail.getAsInt()) : 0;
        to.write(bytes, from, bytes.length - from);
        to.flush();
    }

    /**
     * Prints what comes after {@link #print}; returns when the run is over and all of it is printed.
     *
     * @param goesOn whether the run is still there
     */
    public void follow(BooleanSupplier goesOn) throws IOException, InterruptedException {
        var folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
        try (var watcher = folder.getFileSystem().newWatchService()) {
            folder.register(watcher, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
            for (var more = true; more; ) {
                more = goesOn.getAsBoolean(); // asked first: what was printed before the end is there by now
                printNew();
                var change = more ? watcher.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS) : null;
                if (change == null) continue;
                change.pollEvents();
                change.reset();
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (now.isPresent()) now.get().channel().close();
    }

    /** The file may have become the older one meanwhile: first the rest of it, then the one that has its name now. */
    private void printNew() throws IOException {
        var next = open(file);
        if (now.isPresent()) copy(now.get().channel(), to);
        if (next.isPresent() && isNow(next.get())) {
            next.get().channel().close();
        } else if (next.isPresent()) {
            close();
            now = next;
            copy(next.get().channel(), to);
        }
        to.flush();
    }

    private boolean isNow(Opened other) {
        return now.filter(opened -> opened.key().equals(other.key())).isPresent();
    }

    private static Optional<Opened> open(Path path) throws IOException {
        while (true) {
            try {
                var key = keyOf(path);
                var channel = FileChannel.open(path, StandardOpenOption.READ);
                if (key.equals(keyOf(path))) return Optional.of(new Opened(channel, key));
                channel.close(); // the name went to another file in between
            } catch (NoSuchFileException _) {
                return Optional.empty();
            }
        }
    }

    private static String keyOf(Path path) throws IOException {
        return String.valueOf(
                Files.readAttributes(path, BasicFileAttributes.class).fileKey());
    }

    /** From where the channel stands to its end. */
    private static void copy(FileChannel from, OutputStream to) throws IOException {
        var buffer = ByteBuffer.allocate(64 << 10);
        while (from.read(buffer) >= 0) {
            to.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
    }

    private static int lastLines(byte[] bytes, int count) {
        var from = bytes.length;
        for (var lines = 0; from > 0; from--) {
            if (bytes[from - 1] == '\n' && from < bytes.length && ++lines == count) break;
            if (count == 0) break;
        }
        return from;
    }
}
