package io.tulle.proxy.observe;

import java.io.Flushable;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries log lines off the event loops: a slow disk or terminal never slows traffic. What does not fit is dropped and
 * counted.
 */
public final class LogQueue implements Consumer<String>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogQueue.class);
    private static final String END = new String("end"); // its own identity: no line is the same object

    private final Appendable out;
    private final BlockingQueue<String> lines;
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread;

    private LogQueue(Appendable out, int capacity) {
        this.out = out;
        this.lines = new ArrayBlockingQueue<>(capacity);
        this.thread = Thread.ofVirtual().name("tulle-access-log").unstarted(this::run);
    }

    /**
     * @param out written by one thread alone, a line at a time
     * @param capacity how many lines wait at most
     */
    public static LogQueue start(Appendable out, int capacity) {
        var queue = new LogQueue(out, capacity);
        queue.thread.start();
        return queue;
    }

    @Override
    public void accept(String line) {
        if (!lines.offer(line)) dropped.incrementAndGet();
    }

    /** Lines that nobody will read. */
    public long dropped() {
        return dropped.get();
    }

    @SuppressWarnings("ReferenceEquality") // the end is told by identity
    private void run() {
        try {
            for (var line = lines.take(); line != END; line = lines.take()) write(line);
            if (out instanceof Flushable buffered) buffered.flush();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } catch (IOException broken) {
            LOG.warn("{}: {}", Loss.LINES, broken.toString());
        }
    }

    private void write(String line) {
        try {
            out.append(line + "\n");
            // Whoever follows the file sees a line when there is time to show it, not when a buffer is full.
            if (lines.isEmpty() && out instanceof Flushable buffered) buffered.flush();
        } catch (IOException broken) {
            if (dropped.getAndIncrement() == 0) LOG.warn("{}: {}", Loss.LINES, broken.toString());
        }
    }

    /** Writes what waits, then ends. */
    @Override
    public void close() {
        try {
            lines.put(END);
            thread.join();
        } catch (InterruptedException stopped) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
