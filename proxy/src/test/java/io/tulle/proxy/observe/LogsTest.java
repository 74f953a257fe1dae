package io.tulle.proxy.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LogsTest {
    @Test
    void writesAllThatWaitsBeforeItEnds() {
        var out = new StringBuilder();
        try (var queue = LogQueue.start(out, 10)) {
            queue.accept("one");
            queue.accept("two");
        }
        assertEquals("one\ntwo\n", out.toString());
    }

    @Test
    void dropsAndCountsWhatASlowReaderHasNoRoomFor() throws Exception {
        var slow = new SlowReader();
        try (var queue = LogQueue.start(slow, 2)) {
            queue.accept("one");
            slow.reading.await();
            for (int i = 0; i < 5; i++) queue.accept("more");
            assertEquals(3, queue.dropped());
            slow.mayGoOn.countDown();
        }
        assertEquals("one\nmore\nmore\n", slow.text.toString());
    }

    private static final class SlowReader implements Appendable {
        private final CountDownLatch reading = new CountDownLatch(1);
        private final CountDownLatch mayGoOn = new CountDownLatch(1);
        private final StringBuffer text = new StringBuffer();

        @Override
        public Appendable append(CharSequence line) {
            reading.countDown();
            try {
                mayGoOn.await();
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
            text.append(line);
            return this;
        }

        @Override
        public Appendable append(CharSequence line, int start, int end) {
            return append(line.subSequence(start, end));
        }

        @Override
        public Appendable append(char c) {
            return append(String.valueOf(c));
        }
    }
}
