package io.tulle.proxy.listen;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;

/**
 * Stands in a held connection for the door that is to come. The channel is not read; but a caller that has said all is read to its end by
 * epoll (what the kernel has of it, no more), and both the bytes and the end are kept for the door.
 */
final class Keeper extends ChannelInboundHandlerAdapter {
    private final List<Object> kept = new ArrayList<>(); // messages, and events within Event
    private boolean isActive;
    private boolean isOver; // its caller has said all
    private boolean before = false; // whether half-closure was allowed

    private record Event(Object event) {}

    /** Puts one at the end of the pipeline. */
    static Keeper in(Channel channel) {
        var keeper = new Keeper();
        channel.config().setAutoRead(false);
        keeper.before = Boolean.TRUE.equals(channel.config().getOption(ChannelOption.ALLOW_HALF_CLOSURE));
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        channel.pipeline().addLast(keeper);
        return keeper;
    }

    /** Installs what comes after it, and hands everything on. */
    void handOver(Channel channel, Runnable install) {
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, before);
        var context = channel.pipeline().context(this);
        install.run();
        if (isActive) context.fireChannelActive();
        for (var each : List.copyOf(kept)) {
            kept.removeFirst();
            if (each instanceof Event(var event)) context.fireUserEventTriggered(event);
            else context.fireChannelRead(each);
        }
        context.fireChannelReadComplete();
        if (!context.isRemoved()) channel.pipeline().remove(this);
        // Of a door that does not stay for a caller who has said all.
        if (isOver && !Boolean.TRUE.equals(channel.config().getOption(ChannelOption.ALLOW_HALF_CLOSURE)))
            channel.close();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        isActive = true;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        kept.add(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        // Nothing was handed on.
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        isOver |= event == ChannelInputShutdownEvent.INSTANCE;
        kept.add(new Event(event));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        kept.forEach(each -> {
            if (!(each instanceof Event)) ReferenceCountUtil.release(each);
        });
        kept.clear();
    }
}
