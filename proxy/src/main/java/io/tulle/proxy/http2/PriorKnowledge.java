package io.tulle.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import io.tulle.proxy.http1.DoorSettings;
import io.tulle.proxy.message.Connection;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Tells HTTP/2 from HTTP/1.1 where no ALPN did, by the first bytes (RFC 9113 section 3.3): {@code PRI * HTTP/2.0} is no
 * request of HTTP/1.1 that anybody sends. Then the right door takes its place.
 */
public final class PriorKnowledge extends ChannelInboundHandlerAdapter {
    private static final int TOLD = 14; // "PRI * HTTP/2.0"

    private final Supplier<ChannelHandler> http1;
    private final Supplier<ChannelHandler> http2;
    private final DoorSettings settings;
    private ByteBuf seen = Unpooled.EMPTY_BUFFER;
    private Optional<ScheduledFuture<?>> timer = Optional.empty();

    public PriorKnowledge(Supplier<ChannelHandler> http1, Supplier<ChannelHandler> http2, DoorSettings settings) {
        this.http1 = http1;
        this.http2 = http2;
        this.settings = settings;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        await(context, settings.idleMillis());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var bytes = (ByteBuf) message;
        seen = seen.isReadable() ? ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), seen, bytes) : bytes;
        var length = Math.min(seen.readableBytes(), TOLD);
        for (int i = 0; i < length; i++) {
            if (seen.getByte(seen.readerIndex() + i) != Http2Door.PREFACE[i]) {
                become(context, http1.get());
                return;
            }
        }
        if (length == TOLD) become(context, http2.get());
        else await(context, settings.headMillis()); // it has begun: it does not have the whole day any more
    }

    private void await(ChannelHandlerContext context, long millis) {
        timer.ifPresent(t -> t.cancel(false));
        Runnable silent = context::close;
        timer = Optional.of(context.executor().schedule(silent, millis, TimeUnit.MILLISECONDS));
    }

    private void become(ChannelHandlerContext context, ChannelHandler door) {
        var first = seen;
        seen = Unpooled.EMPTY_BUFFER;
        context.pipeline().addAfter(context.name(), null, door);
        context.fireChannelRead(first);
        context.pipeline().remove(this);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof Connection.Draining) context.close(); // nothing was asked yet
        else context.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        letGo();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        letGo();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    private void letGo() {
        timer.ifPresent(t -> t.cancel(false));
        seen.release();
        seen = Unpooled.EMPTY_BUFFER;
    }
}
