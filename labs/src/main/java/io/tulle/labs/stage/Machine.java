package io.tulle.labs.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Watches how much this machine lets its programs run: what a lab measures beside it would else be taken for the mesh's doing. */
public final class Machine implements AutoCloseable {
    private static final Path PROCESSORS = Path.of("/proc/stat"); // Linux, proc_stat(5): times since the boot, in ticks
    private static final int IDLE = 4;
    private static final int IO_WAIT = 5;
    private static final long STEP = Duration.ofMillis(10).toNanos();
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final List<Strain.Second> seconds = new ArrayList<>();
    private final Thread thread = Thread.ofPlatform().name("machine").daemon().unstarted(this::watch);
    private volatile boolean closed;

    private Machine() {}

    public static Machine watched() {
        var machine = new Machine();
        machine.thread.start();
        return machine;
    }

    /** What it was like since the last call. */
    public synchronized Strain lap() {
        var lap = new Strain(seconds);
        seconds.clear();
        return lap;
    }

    private void watch() {
        var before = Ticks.now();
        while (!closed) {
            var late = worstOfASecond();
            var now = Ticks.now();
            add(new Strain.Second(late, now.idleSince(before)));
            before = now;
        }
    }

    private synchronized void add(Strain.Second second) {
        seconds.add(second);
    }

    private Duration worstOfASecond() {
        var worst = 0L;
        var begun = System.nanoTime();
        for (var before = begun; before - begun < SECOND && !closed; ) {
            LockSupport.parkNanos(STEP);
            var now = System.nanoTime();
            worst = Math.max(worst, now - before - STEP);
            before = now;
        }
        return Duration.ofNanos(worst);
    }

    @Override
    public void close() {
        closed = true;
    }

    private record Ticks(long idle, long all) {
        static Ticks now() {
            try (var lines = Files.lines(PROCESSORS)) {
                var fields = lines.findFirst().orElse("").split("\\s+");
                var all = Arrays.stream(fields, 1, fields.length)
                        .mapToLong(Long::parseLong)
                        .sum();
                return new Ticks(Long.parseLong(fields[IDLE]) + Long.parseLong(fields[IO_WAIT]), all);
            } catch (IOException | RuntimeException _) {
                return new Ticks(0, 0); // not Linux
            }
        }

        double idleSince(Ticks before) {
            return all == before.all ? 1 : (double) (idle - before.idle) / (all - before.all);
        }
    }
}
