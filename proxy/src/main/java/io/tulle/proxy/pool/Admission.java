package io.tulle.proxy.pool;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.tulle.proxy.pool.Dialer.DialFailed;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Waits until the application's hook has taken a connection: it answers the preface with one byte. Before that the connection may be one
 * that the kernel took and the application never will, since it has stopped listening: then nothing was delivered.
 *
 * <pre>
 * AWAITED ──the byte──▶ (HOLDING what came with it, until somebody reads) ──▶ removed
 *    ╰──────end──▶ failed
 * </pre>
 */
final class Admission extends ChannelDuplexHandler {
    /** What the hook answers. */
    private static final byte TAKEN = 6; // ASCII's ACK

    private final Runnable taken;
    private final Consumer<Throwable> failed;
    private ByteBuf rest = Unpooled.EMPTY_BUFFER;
    private final List<Object> events = new ArrayList<>(2);
    private boolean isTaken;
    private boolean isTold;
    private boolean isHanded;

    Admission(Runnable taken, Consumer<Throwable> failed) {
        this.taken = taken;
        this.failed = failed;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var bytes = (ByteBuf) message;
        if (isTaken) { // the read that brought the byte may bring more than one buffer
            rest = Unpooled.wrappedBuffer(rest, bytes);
        } else if (bytes.readByte() == TAKEN) {
            isTaken = true;
            rest = bytes;
        } else {
            bytes.release();
            failed.accept(new DialFailed("the application's hook does not say that it took the connection"));
            context.close();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (!isTaken) {
            context.read();
        } else if (!isTold) {
            isTold = true;
            if (!rest.isReadable()) context.pipeline().remove(this);
            taken.run();
        }
    }

    /** Somebody wants what came with the byte. */
    @Override
    public void read(ChannelHandlerContext context) {
        if (!isTaken || isHanded) context.read();
        else context.executor().execute(() -> hand(context));
    }

    /** That its input has ended, which it learns in the same read: after what came before the end. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (isTaken && !isHanded) events.add(event);
        else context.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        failed.accept(new DialFailed("the application closed the connection before it took it"));
        hand(context);
        context.fireChannelInactive();
    }

    private void hand(ChannelHandlerContext context) {
        if (isHanded) return;
        isHanded = true;
        if (rest.isReadable()) {
            var held = rest;
            rest = Unpooled.EMPTY_BUFFER;
            context.fireChannelRead(held);
            context.fireChannelReadComplete();
        }
        events.forEach(context::fireUserEventTriggered);
        if (!context.channel().isActive() || context.isRemoved()) return;
        context.pipeline().remove(this);
        if (context.channel().config().isAutoRead()) context.channel().read();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        rest.release();
        rest = Unpooled.EMPTY_BUFFER;
    }
}
