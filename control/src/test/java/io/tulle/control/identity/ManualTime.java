package io.tulle.control.identity;

import io.tulle.control.registry.Metronome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Time that passes when a test says so; what beats is run at each of its moments. */
public final class ManualTime extends Clock implements Metronome {
    /** Where each begins. */
    public static final Instant BEGINNING = Instant.parse("2026-11-22T12:00:00Z");

    private final List<Beat> beats = new ArrayList<>();
    private volatile Instant now = BEGINNING;

    private static final class Beat {
        private final Duration period;
        private final Runnable task;
        private Instant next;

        Beat(Duration period, Runnable task, Instant next) {
            this.period = period;
            this.task = task;
            this.next = next;
        }
    }

    @Override
    public Beating every(Duration period, Runnable task) {
        var beat = new Beat(period, task, now.plus(period));
        beats.add(beat);
        return () -> beats.remove(beat);
    }

    /** Lets time pass step by step, as it does for a process that is awake. */
    public void pass(Duration time) {
        var end = now.plus(time);
        while (true) {
            var next = beats.stream().filter(beat -> !beat.next.isAfter(end)).min((a, b) -> a.next.compareTo(b.next));
            if (next.isEmpty()) break;
            now = next.get().next;
            next.get().next = now.plus(next.get().period);
            next.get().task.run();
        }
        now = end;
    }

    /** Moves the clock at once, as a sleep of the whole process or a correction does; each beat then runs once. */
    public void jump(Duration time) {
        now = now.plus(time);
        for (var beat : List.copyOf(beats)) {
            beat.next = now.plus(beat.period);
            beat.task.run();
        }
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
