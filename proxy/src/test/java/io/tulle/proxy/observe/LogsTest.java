package io.tulle.proxy.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LogsTest {
    @Test
    void writesJsonUnderIstiosKeys() {
        var lines = new ArrayList<String>();
        new JsonAccessLog(lines::add).ended(Reports.exchange("web", 200, 1));
        assertEquals(
                "{\"start_time\":\"1970-01-01T00:00:00Z\",\"response_code\":200,\"response_flags\":\"-\","
                        + "\"response_code_details\":\"via_upstream\",\"downstream_local_address\":\"127.0.0.1:15006\","
                        + "\"downstream_remote_address\":\"127.0.0.1:40000\","
                        + "\"requested_server_name\":\"4000.cart.shop.tulle\",\"method\":\"GET\",\"path\":\"/\","
                        + "\"protocol\":\"HTTP/1.1\",\"authority\":\"cart\",\"request_id\":\"id\",\"user_agent\":null,"
                        + "\"x_forwarded_for\":null,\"route_name\":null,\"bytes_received\":0,\"bytes_sent\":0,"
                        + "\"duration\":1,\"upstream_host\":null,\"upstream_cluster\":null}",
                lines.getFirst());
    }

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
