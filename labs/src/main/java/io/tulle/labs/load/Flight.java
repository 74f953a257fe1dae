package io.tulle.labs.load;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** One request under way: its bytes, what has come back, and the one outcome that it will have. */
final class Flight {
    private final long index;
    private final long dueNanos;
    private final long sentNanos;
    private final boolean fresh;
    private final boolean last;
    private final String trouble;
    private final ByteBuffer bytes;
    private final AnswerReader answer;
    private final Consumer<Outcome> ended;
    private final AtomicBoolean over = new AtomicBoolean();

    /** When it is due and when it was acted on, since the start. */
    record Times(long due, long sent) {}

    /**
     * How it travels.
     *
     * @param fresh first on its connection
     * @param last nothing follows it there
     * @param trouble a failure that it has already, though it may be answered; or empty
     */
    record Way(boolean fresh, boolean last, String trouble) {}

    Flight(long index, Times times, Way way, ByteBuffer bytes, AnswerReader answer, Consumer<Outcome> ended) {
        this.index = index;
        this.dueNanos = times.due();
        this.sentNanos = times.sent();
        this.fresh = way.fresh();
        this.last = way.last();
        this.trouble = way.trouble();
        this.bytes = bytes;
        this.answer = answer;
        this.ended = ended;
    }

    long dueNanos() {
        return dueNanos;
    }

    /** What is still to be written. */
    ByteBuffer bytes() {
        return bytes;
    }

    AnswerReader answer() {
        return answer;
    }

    /** Whether its connection ends with it. */
    boolean isLast() {
        return last || !answer.keepsOpen();
    }

    boolean isOver() {
        return over.get();
    }

    void answered(long now) {
        end(now, trouble);
    }

    void failed(long now, String why) {
        end(now, why);
    }

    private void end(long now, String failure) {
        if (!over.compareAndSet(false, true)) return;
        ended.accept(new Outcome(
                index, dueNanos, sentNanos, now, fresh, answer.status(), failure, answer.headers(), answer.body()));
    }
}
