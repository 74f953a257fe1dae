package io.tulle.agent.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The destinations that a service has used, over the end of its runs: a file with a canonical host a line, readable by its owner alone.
 * Whoever starts the service again asks for them at once, so that an outage of the control plane finds them in place.
 */
public final class Remembered {
    /** Nothing is kept. */
    public static final Remembered NOTHING = new Remembered(Optional.empty());

    private static final Logger LOG = LoggerFactory.getLogger(Remembered.class);
    private static final int MOST = 10_000;
    private static final int MOST_BYTES = MOST * 255;
    private static final Pattern HOST = Pattern.compile("[a-z0-9*._-]{1,253}");

    private final Optional<Path> file;

    private Remembered(Optional<Path> file) {
        this.file = file;
    }

    /** In a file that need not exist; its folder is made for it. */
    public static Remembered in(Path file) {
        return new Remembered(Optional.of(file));
    }

    /** Empty where there is nothing to be read: it is a help, and nothing that is needed. */
    Set<String> hosts() {
        if (file.isEmpty()) return Set.of();
        try {
            if (!Files.exists(file.get()) || Files.size(file.get()) > MOST_BYTES) return Set.of();
            var hosts = new TreeSet<String>();
            Files.readString(file.get(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> HOST.matcher(line).matches())
                    .limit(MOST)
                    .forEach(hosts::add);
            return hosts;
        } catch (IOException e) {
            LOG.debug("{} cannot be read", file.get(), e);
            return Set.of();
        }
    }

    void keep(Collection<String> hosts) {
        if (file.isEmpty()) return;
        try {
            write(file.get(), String.join("\n", new TreeSet<>(hosts)) + "\n");
        } catch (IOException e) {
            LOG.debug("{} cannot be written", file.get(), e);
        }
    }

    private static void write(Path file, String text) throws IOException {
        var folder = file.toAbsolutePath().getParent();
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var beside = Files.createTempFile(folder, ".used", ""); // 0600
        try {
            Files.writeString(beside, text, StandardCharsets.UTF_8);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
    }
}
