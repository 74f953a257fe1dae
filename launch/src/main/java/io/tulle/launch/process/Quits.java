package io.tulle.launch.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Hears SIGQUIT, which HotSpot keeps for itself: it prints all its threads and tells nobody in Java. Tulle's start script leads what
 * HotSpot prints of itself to a file without a name, and a new list of threads in that file means that the signal has come. What
 * {@code jcmd} and {@code jstack} ask for is printed to them, and no signal.
 */
public final class Quits {
    /** Where the start script says which file that is. */
    private static final String FILE = "tulle.vm-output";

    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    /** Signals that arrive together are one, as they are for {@link Presses}. */
    private static final Duration TOGETHER = Duration.ofSeconds(1);

    private static final String LIST = "Full thread dump ";

    private final RandomAccessFile file;
    private final InstantSource clock;
    private final Runnable arrived;
    private final byte[] bytes = new byte[8192];
    private long seen;
    private String rest = "";
    private Optional<Instant> last = Optional.empty();

    private Quits(RandomAccessFile file, InstantSource clock, Runnable arrived) throws IOException {
        this.file = file;
        this.clock = clock;
        this.arrived = arrived;
        this.seen = file.length();
    }

    /**
     * Hears of each from now on.
     *
     * @param arrived on a thread of its own
     * @return false where Tulle was started without its script: HotSpot's own way stays
     */
    public static boolean take(InstantSource clock, Runnable arrived) {
        try {
            var quits = new Quits(new RandomAccessFile(System.getProperty(FILE, ""), "rw"), clock, arrived);
            Thread.ofPlatform().daemon().name("quits").start(quits::watch);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private void watch() {
        try {
            while (true) {
                LockSupport.parkNanos(LOOK_AGAIN.toNanos());
                if (hasNewList() && !isSame()) arrived.run();
            }
        } catch (IOException _) {
            // nothing is heard any more; the run goes on
        }
    }

    private boolean hasNewList() throws IOException {
        var found = false;
        for (var length = file.length(); seen < length; ) {
            file.seek(seen);
            var count = file.read(bytes);
            if (count <= 0) break;
            seen += count;
            var text = rest + new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
            found |= text.contains(LIST);
            rest = text.substring(Math.max(0, text.length() - LIST.length() + 1));
        }
        if (found) file.setLength(0); // HotSpot goes on where it was: what was read takes no room any more
        return found;
    }

    private boolean isSame() {
        var now = clock.instant();
        var same = last.filter(before -> Duration.between(before, now).compareTo(TOGETHER) < 0)
                .isPresent();
        if (!same) last = Optional.of(now);
        return same;
    }
}
