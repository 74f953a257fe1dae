package io.tulle.proxy.pool;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;

/** Whether a channel is read. */
public final class Reading {
    private Reading() {}

    /** Reads on; nothing where the other end has said all: epoll knows nothing any more of such a channel, and Netty would close it. */
    public static void on(Channel channel) {
        var isEnded = channel instanceof DuplexChannel duplex && duplex.isInputShutdown();
        if (!isEnded) channel.config().setAutoRead(true);
    }
}
