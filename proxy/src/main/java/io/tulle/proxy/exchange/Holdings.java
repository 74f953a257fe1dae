package io.tulle.proxy.exchange;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * How many bytes of bodies the streams of one event loop hold for readers that are slower than writers. Each stream is bounded,
 * but thousands of them together are not. So when three quarters of the budget are held nothing new is begun and nothing is
 * kept for another attempt, and beyond the budget the largest streams end. Where somebody new was turned away and it stays
 * so, the largest end too: those who read nothing must not keep all others out. Touched on that loop only.
 */
public final class Holdings {
    /** How long newcomers are turned away before those who hold the most give way. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final long budget;
    private final ScheduledExecutorService loop;
    private final Set<Holder> holders = new HashSet<>();
    private long held;
    private boolean willShed;
    private boolean willGiveWay;

    /** Somebody whose streams hold bytes. */
    public interface Holder {
        long heldBytes();

        /** Ends the stream that holds the most. */
        void shedLargest();
    }

    /**
     * @param budget in bytes
     * @param loop where streams are ended, never deeper on the stack of the one that brought the last byte
     */
    public Holdings(long budget, ScheduledExecutorService loop) {
        this.budget = budget;
        this.loop = loop;
    }

    public void join(Holder holder) {
        holders.add(holder);
    }

    public void leave(Holder holder) {
        holders.remove(holder);
    }

    /** Notes that so many more are held, or fewer. */
    public void add(long bytes) {
        held += bytes;
        if (held <= budget || willShed) return;
        willShed = true;
        loop.execute(this::shed);
    }

    /** Whether nothing new should be begun. */
    public boolean isTight() {
        return held > budget / 4 * 3;
    }

    /** The same of somebody new, who is turned away then. */
    public boolean turnsAway() {
        if (!isTight()) return false;
        if (!willGiveWay) {
            willGiveWay = true;
            loop.schedule(this::giveWay, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        }
        return true;
    }

    private void giveWay() {
        willGiveWay = false;
        if (isTight()) shedTo(budget / 2);
    }

    private void shed() {
        willShed = false;
        shedTo(budget / 4 * 3);
    }

    private void shedTo(long most) {
        while (held > most) {
            var before = held;
            holders.stream()
                    .max(Comparator.comparingLong(Holder::heldBytes))
                    .filter(largest -> largest.heldBytes() > 0)
                    .ifPresent(Holder::shedLargest);
            if (held >= before) return; // the rest is what waits for a first stream, and ends by its own limits
        }
    }
}
