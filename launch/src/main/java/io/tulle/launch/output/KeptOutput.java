package io.tulle.launch.output;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The file that keeps what a run prints. Each source (the application's output, its errors, the sidecar) hands over bytes as
 * they come, and the file takes whole lines, so that no line holds pieces of two. When the file is full it becomes the older
 * one, whose predecessor goes. From any thread.
 */
public final class KeptOutput {
    /** Of each of the two files. */
    public static final long MOST = 5L << 20;

    private static final int LONGEST_LINE = 16_384;

    private final Path file;
    private final long most;
    private final Consumer<String> failed;
    private FileChannel channel; // guarded by this, as all below
    private long size;
    private boolean broken;

    private KeptOutput(Path file, long most, Consumer<String> failed, FileChannel channel) throws IOException {
        this.file = file;
        this.most = most;
        this.failed = failed;
        this.channel = channel;
        this.size = channel.size();
    }

    /**
     * Opens the file behind what earlier runs of the name have left in it.
     *
     * @param most bytes in one file
     * @param failed told once, when the file cannot be written any more; the run goes on
     * @throws UncheckedIOException when it cannot be opened
     */
    public static KeptOutput open(Path file, long most, Consumer<String> failed) {
        try {
            Files.createDirectories(
                    Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/")),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return new KeptOutput(file, most, failed, opened(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the older part stands. */
    static Path older(Path file) {
        return file.resolveSibling(file.getFileName() + ".1");
    }

    /** For a process that outlives this one, and adds what comes after its end. */
    public Path file() {
        return file;
    }

    /** A stream whose lines the file keeps; its last line counts as whole when the stream is closed. */
    public OutputStream source() {
        return new Source();
    }

    private static FileChannel opened(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private synchronized void keep(byte[] lines) {
        if (broken) return;
        try {
            if (size > 0 && size + lines.length > most) turnOver();
            var bytes = ByteBuffer.wrap(lines);
            while (bytes.hasRemaining()) size += channel.write(bytes);
        } catch (IOException e) {
            broken = true;
            failed.accept("its output is not kept any more: " + e.getMessage());
        }
    }

    private void turnOver() throws IOException {
        channel.close();
        Files.move(file, older(file), StandardCopyOption.ATOMIC_MOVE);
        channel = opened(file);
        size = channel.size();
    }

    private final class Source extends OutputStream {
        private final ByteArrayOutputStream line = new ByteArrayOutputStream(); // guarded by this source

        @Override
        public synchronized void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int from, int count) {
            var last = from + count;
            while (last > from && bytes[last - 1] != '\n') last--;
            if (last > from) {
                line.write(bytes, from, last - from);
                keepLine();
            }
            line.write(bytes, last, from + count - last);
            if (line.size() >= LONGEST_LINE) endLine();
        }

        @Override
        public synchronized void close() {
            if (line.size() > 0) endLine();
        }

        private void endLine() {
            line.write('\n');
            keepLine();
        }

        private void keepLine() {
            keep(line.toByteArray());
            line.reset();
        }
    }
}
