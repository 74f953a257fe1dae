package io.tulle.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/**
 * Two connections of one event loop, joined. A side that has said all is passed on as such where both are plain sockets;
 * TLS, as most use it, ends whole.
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
        readOn(upstream);
        readOn(caller);
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
        if (caller.isWritable()) readOn(upstream);
    }

    void callerDone() {
        callerDone = true;
        finish(upstream);
    }

    void callerGone() {
        callerDone = true;
        closeAfterLastByte(upstream);
        if (upstreamDone) closed.run();
    }

    void close() {
        upstream.close();
    }

    /** The endpoint was not needed: its end is no longer the caller's. */
    void giveUp() {
        upstream.pipeline().remove(UpstreamSide.class);
        upstream.close();
    }

    /** This side will be told no more: half-closed where that works, else closed. */
    private void finish(Channel side) {
        if (!isPlain(side) || (callerDone && upstreamDone)) closeAfterLastByte(side);
        else side.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> ((DuplexChannel) side).shutdownOutput());
    }

    private static void readOn(Channel side) {
        var ended = side instanceof DuplexChannel duplex && duplex.isInputShutdown();
        if (!ended) side.config().setAutoRead(true); // epoll knows nothing any more of a side that has said all
    }

    /** Hears of the end of what this side says, and may still be told something. */
    static void allowHalfClosure(Channel side) {
        if (isPlain(side)) side.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }

    private static boolean isPlain(Channel side) {
        return side instanceof DuplexChannel && side.pipeline().get(SslHandler.class) == null;
    }

    private static void closeAfterLastByte(Channel side) {
        if (side.isActive()) side.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
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
            if (upstream.isWritable()) readOn(caller);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                upstreamDone = true;
                finish(caller);
            }
            context.fireUserEventTriggered(event);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            upstreamDone = true;
            closeAfterLastByte(caller);
            if (!caller.isActive()) closed.run();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
