package io.tulle.proxy.listen;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a listener does when it can or may take no more. */
class CrowdTest {
    @Test
    void acceptingGoesOnAMomentAfterItFailed() {
        var socket = new EmbeddedChannel(new Crowd("door", 10).acceptFailures());
        socket.pipeline().fireExceptionCaught(new IOException("accept(..) failed: Too many open files"));
        assertFalse(socket.config().isAutoRead());
        socket.advanceTimeBy(1, TimeUnit.SECONDS);
        socket.runScheduledPendingTasks();
        assertTrue(socket.config().isAutoRead());
        socket.checkException();
    }

    @Test
    void aConnectionThatClosedMakesRoomForAnother() {
        var crowd = new Crowd("door", 1);
        var first = new EmbeddedChannel();
        assertTrue(crowd.takes(first));
        var second = new EmbeddedChannel();
        assertFalse(crowd.takes(second));
        second.close();
        first.close();
        assertTrue(crowd.takes(new EmbeddedChannel()));
    }
}
