package io.tulle.launch.health;

import io.tulle.dialects.compose.ComposeService.HealthCheck;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Asks again and again, and says each change: {@code STARTING → WELL ⇄ UNWELL}. As with Compose: failures within
 * {@code start_period} are not counted until it was well once; {@code retries} failures in a row make it unwell; one
 * success makes it well. Lives on its {@link Timer}'s thread.
 */
public final class HealthMonitor {
    /** What is known of a process. */
    public sealed interface Health {
        record Starting() implements Health {}

        record Well() implements Health {}

        /** @param said what the last failing question printed */
        record Unwell(String said) implements Health {}
    }

    private final HealthCheck check;
    private final Probe.Asker asker;
    private final Timer timer;
    private final Clock clock;
    private final Consumer<Health> changed;
    private final Instant started;
    private Health health = new Health.Starting();
    private int failures;
    private boolean stopped;
    private Optional<Probe> running = Optional.empty();
    private Runnable cancel = () -> {};

    private HealthMonitor(HealthCheck check, Probe.Asker asker, Timer timer, Clock clock, Consumer<Health> changed) {
        this.check = check;
        this.asker = asker;
        this.timer = timer;
        this.clock = clock;
        this.changed = changed;
        this.started = clock.instant();
    }

    /**
     * Starts to ask, at once: a process that is well should not wait an interval to be believed.
     *
     * @param changed told on the timer's thread
     */
    public static HealthMonitor start(
            HealthCheck check, Probe.Asker asker, Timer timer, Clock clock, Consumer<Health> changed) {
        var monitor = new HealthMonitor(check, asker, timer, clock, changed);
        timer.execute(monitor::ask);
        return monitor;
    }

    public Health health() {
        return health;
    }

    /** Asks no more. */
    public void stop() {
        stopped = true;
        cancel.run();
        running.ifPresent(Probe::abandon);
        running = Optional.empty();
    }

    private void ask() {
        if (stopped) return;
        Probe probe;
        try {
            probe = asker.ask();
        } catch (Throwable e) {
            judge(new Probe.Answer(false, "the question could not be asked: " + e)); // and is asked again
            return;
        }
        running = Optional.of(probe);
        cancel = timer.after(check.timeout(), () -> {
            if (!isRunning(probe)) return;
            running = Optional.empty();
            probe.abandon();
            judge(new Probe.Answer(false, "no answer within " + check.timeout().toMillis() + " ms"));
        });
        probe.answer()
                .thenAcceptAsync(
                        answer -> {
                            if (!isRunning(probe)) return; // too late, or not wanted any more
                            running = Optional.empty();
                            cancel.run();
                            judge(answer);
                        },
                        timer);
    }

    @SuppressWarnings("ReferenceEquality") // this very question, not one like it
    private boolean isRunning(Probe probe) {
        return !stopped && running.filter(one -> one == probe).isPresent();
    }

    private void judge(Probe.Answer answer) {
        try {
            note(answer);
        } finally { // who is told of a change may fail; the question is asked again all the same
            if (!stopped) cancel = timer.after(pause(), this::ask);
        }
    }

    private void note(Probe.Answer answer) {
        if (answer.isWell()) {
            failures = 0;
            become(new Health.Well());
        } else if (!(health instanceof Health.Starting) || !inStartPeriod()) {
            failures++;
            if (failures >= check.retries()) become(new Health.Unwell(answer.said()));
        }
    }

    private void become(Health next) {
        if (next.getClass() == health.getClass()) return;
        health = next;
        changed.accept(next);
    }

    /** While it starts it is asked more often, as Compose's {@code start_interval} says. */
    private Duration pause() {
        var early = health instanceof Health.Starting && inStartPeriod();
        return early && check.startInterval().compareTo(check.interval()) < 0
                ? check.startInterval()
                : check.interval();
    }

    private boolean inStartPeriod() {
        return clock.instant().isBefore(started.plus(check.startPeriod()));
    }
}
