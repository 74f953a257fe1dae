package io.tulle.proxy.exchange;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

/** How much of a body is kept, counted as what it takes. */
class RequestBodyTest {
    private static final int LIMIT = 1024 * 1024;

    private static RequestBody passed(int chunks, int bytes) {
        var body = new RequestBody(LIMIT, false, new Holdings(100 * LIMIT, new EmbeddedChannel().eventLoop()));
        for (int i = 0; i < chunks; i++) {
            var chunk = Unpooled.wrappedBuffer(new byte[bytes]);
            body.pass(chunk);
            chunk.release();
        }
        return body;
    }

    @Test
    void aBodyOfAllowedSizeIsKept() {
        var body = passed(60, 16 * 1024);
        assertTrue(body.isReplayable());
        body.forget();
    }

    @Test
    void aBodyInCrumbsIsNotKeptForItsBytesAlone() {
        assertFalse(passed(20_000, 1).isReplayable());
    }

    @Test
    void crumbsThatWaitForAStreamSoonStopTheCaller() {
        var body = new RequestBody(LIMIT, false, new Holdings(100 * LIMIT, new EmbeddedChannel().eventLoop()));
        for (int i = 0; i < 20_000; i++) body.hold(Unpooled.wrappedBuffer(new byte[1]));
        assertTrue(body.isOverLimit());
        body.forget();
    }
}
