package io.tulle.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.tulle.proxy.pool.Reading;

/**
 * Two connections of one event loop, joined. That a side has said all is passed on as such: by a plain socket's own means, by
 * the end mark between sidecars ({@link Pieces}), by close_notify to anybody else behind TLS. So is that a side was cut,
 * where that can be told from an end.
 */
final class Join {
    private final Channel caller;
    private final Channel upstream;
    private final Runnable closed;
    private long fromCaller;
    private long toCaller;
    private boolean callerDone;
    private boolean upstreamDone;

    /**
     * @param closed called when both are gone
     */
    Join(Channel caller, Channel upstream, Runnable closed) {
        this.caller = caller;
        this.upstream = upstream;
        this.closed = closed;
    }

    void begin() {
        allowHalfClosure(upstream);
        upstream.pipeline().addLast(new UpstreamSide());
        upstream.flush(); // the preface
        Reading.on(upstream);
        Reading.on(caller);
    }

    long fromCaller() {
        return fromCaller;
    }

    long toCaller() {
        return toCaller;
    }

    void callerSaid(Object message) {
        fromCaller += ((ByteBuf) message).readableBytes();
        upstream.write(message, upstream.voidPromise());
        if (!upstream.isWritable()) caller.config().setAutoRead(false);
    }

    void callerPaused() {
        upstream.flush();
    }

    void callerWritable() {
        if (caller.isWritable()) Reading.on(upstream);
    }

    void callerDone() {
        if (callerDone) return;
        callerDone = true;
        finish(upstream);
    }

    void callerGone() {
        gone(caller, callerDone, upstream);
        callerDone = true;
        if (!upstream.isActive()) closed.run();
    }

    void close() {
        upstream.close();
    }

    /** The endpoint was not needed: its end is no longer the caller's. */
    void giveUp() {
        upstream.pipeline().remove(UpstreamSide.class);
        upstream.close();
    }

    /** This side will be told no more. It may go on itself, until it has said all too. */
    private void finish(Channel side) {
        var secured = side.pipeline().get(SslHandler.class);
        var pieces = Pieces.of(side);
        if (pieces.isPresent()) pieces.get().end();
        if (callerDone && upstreamDone) closeAfterLastByte(side);
        else if (pieces.isPresent()) return;
        else if (secured != null) afterLastByte(side, secured::closeOutbound);
        else if (side instanceof DuplexChannel duplex) afterLastByte(side, duplex::shutdownOutput);
        else closeAfterLastByte(side);
    }

    /** One side is closed: the other will be, after its last byte, and as one that was cut where this one was. */
    private static void gone(Channel side, boolean done, Channel other) {
        var tellsItsEnd = isPlain(side) || Pieces.of(side).isPresent();
        if (tellsItsEnd && !done) afterLastByte(other, () -> cut(other));
        else closeAfterLastByte(other);
    }

    /** Between sidecars a connection that closes without an end mark was cut; a plain one is reset. */
    private static void cut(Channel side) {
        if (isPlain(side)) side.config().setOption(ChannelOption.SO_LINGER, 0);
        side.close();
    }

    /** Hears of the end of what this side says, and may still be told something. */
    static void allowHalfClosure(Channel side) {
        if (isPlain(side)) side.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }

    private static boolean isPlain(Channel side) {
        return side instanceof DuplexChannel && side.pipeline().get(SslHandler.class) == null;
    }

    private static void closeAfterLastByte(Channel side) {
        afterLastByte(side, side::close);
    }

    private static void afterLastByte(Channel side, Runnable then) {
        if (side.isActive()) side.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> then.run());
    }

    /** Whether this says that a side has said all. */
    static boolean isEnd(Object event, Channel side) {
        if (event == ChannelInputShutdownEvent.INSTANCE) return true;
        return event == SslCloseCompletionEvent.SUCCESS && Pieces.of(side).isEmpty();
    }

    private final class UpstreamSide extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            toCaller += ((ByteBuf) message).readableBytes();
            caller.write(message, caller.voidPromise());
            if (!caller.isWritable()) upstream.config().setAutoRead(false);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            caller.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            if (upstream.isWritable()) Reading.on(caller);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (isEnd(event, upstream) && !upstreamDone) {
                upstreamDone = true;
                finish(caller);
            }
            context.fireUserEventTriggered(event);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            gone(upstream, upstreamDone, caller);
            upstreamDone = true;
            if (!caller.isActive()) closed.run();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
