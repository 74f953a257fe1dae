package io.tulle.agent.run;

import io.tulle.launch.health.HealthMonitor;
import io.tulle.launch.health.HealthMonitor.Health;
import io.tulle.launch.health.Question;
import io.tulle.launch.health.Timer;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Asks an application for its health while it listens. What was known ends when it stops listening: each time that it listens again it
 * is asked anew, and at once. From any thread.
 */
final class HealthWatch {
    private final Question.Ask question;
    private final Timer timer;
    private final Clock clock;
    private Optional<HealthMonitor> monitor = Optional.empty(); // the timer's

    HealthWatch(Question.Ask question, Timer timer, Clock clock) {
        this.question = question;
        this.timer = timer;
        this.clock = clock;
    }

    /** It listens: tells each change, from "starting" on. */
    void begin(Consumer<Health> changed) {
        timer.execute(() -> {
            monitor.ifPresent(HealthMonitor::stop);
            monitor = Optional.of(HealthMonitor.start(question.check(), question.asker(), timer, clock, changed));
        });
    }

    /** It does not listen. */
    void end() {
        timer.execute(() -> {
            monitor.ifPresent(HealthMonitor::stop);
            monitor = Optional.empty();
        });
    }
}
