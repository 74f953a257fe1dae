package io.tulle.proxy.http1;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/**
 * Closes after the last bytes, in a way that they arrive: with unread bytes of the caller in the socket a plain close
 * resets it, and the answer is lost (RFC 9112 section 9.6). So: say the end, read on for a while, then close.
 */
public final class LingeringClose {
    private LingeringClose() {}

    public static void of(Channel channel, long millis) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> {
            if (channel instanceof DuplexChannel duplex && channel.pipeline().get(SslHandler.class) == null) {
                duplex.shutdownOutput();
                var timer = channel.eventLoop().schedule(() -> channel.close(), millis, TimeUnit.MILLISECONDS);
                channel.closeFuture().addListener(_ -> timer.cancel(false));
            } else {
                channel.close();
            }
        });
    }
}
