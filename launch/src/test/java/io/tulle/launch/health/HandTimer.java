package io.tulle.launch.health;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/** Time that passes only when a test says so. */
final class HandTimer extends Clock implements Timer {
    private record Later(Instant at, Runnable work) {}

    private final List<Later> later = new ArrayList<>();
    private final Deque<Runnable> now = new ArrayDeque<>();
    private Instant time = Instant.EPOCH;

    @Override
    public void execute(Runnable work) {
        now.add(work);
    }

    @Override
    public Runnable after(Duration delay, Runnable work) {
        var one = new Later(time.plus(delay), work);
        later.add(one);
        return () -> later.removeIf(other -> other == one);
    }

    void pass(Duration duration) {
        var end = time.plus(duration);
        runAll();
        while (true) {
            var next = later.stream().filter(one -> !one.at().isAfter(end)).min(Comparator.comparing(Later::at));
            if (next.isEmpty()) break;
            later.remove(next.get());
            time = next.get().at();
            next.get().work().run();
            runAll();
        }
        time = end;
    }

    private void runAll() {
        while (!now.isEmpty()) now.removeFirst().run();
    }

    @Override
    public Instant instant() {
        return time;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return InstantSource.system().withZone(zone);
    }
}
