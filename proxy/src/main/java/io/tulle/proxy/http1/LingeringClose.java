package io.tulle.proxy.http1;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.tulle.proxy.pool.Reading;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection so that its last bytes arrive. The kernel resets a socket that is closed while bytes of the peer are
 * unread or on their way, and a reset can destroy the answer before the peer has read it (RFC 9112 section 9.6). So the end
 * is said (under TLS by close_notify), and what the peer still sends is read and dropped until the peer closes too, is
 * silent for a while, or has had the longest time.
 */
public final class LingeringClose extends ChannelInboundHandlerAdapter {
    /** However busily a peer sends (nginx's lingering_time). */
    private static final long LONGEST_MILLIS = 30_000;

    private final long silenceMillis;
    private boolean heard;

    private LingeringClose(long silenceMillis) {
        this.silenceMillis = silenceMillis;
    }

    /**
     * @param silenceMillis how long the peer may send nothing before the connection is closed anyway
     */
    public static void of(Channel channel, long silenceMillis) {
        if (!channel.isActive()) {
            channel.close();
            return;
        }
        closeAfter(channel, LONGEST_MILLIS); // whatever becomes of what is written
        Reading.on(channel);
        saidAll(channel).addListener(_ -> {
            if (channel.isActive() && channel instanceof DuplexChannel duplex && !duplex.isInputShutdown()) {
                channel.pipeline().addFirst(new LingeringClose(silenceMillis));
                duplex.shutdownOutput();
            } else {
                channel.close();
            }
        });
    }

    private static ChannelFuture saidAll(Channel channel) {
        var tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) return channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
        channel.flush();
        return tls.closeOutbound();
    }

    private static void closeAfter(Channel channel, long millis) {
        Runnable close = channel::close;
        var timer = channel.eventLoop().schedule(close, millis, TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(_ -> timer.cancel(false));
    }

    // It stands before TLS: what the peer still says is not even decrypted.

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        look(context);
    }

    private void look(ChannelHandlerContext context) {
        heard = false;
        Runnable then = () -> {
            if (heard) look(context);
            else context.close();
        };
        var timer = context.executor().schedule(then, silenceMillis, TimeUnit.MILLISECONDS);
        context.channel().closeFuture().addListener(_ -> timer.cancel(false));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        heard = true;
        ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) context.close();
        else context.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
