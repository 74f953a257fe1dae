package io.tulle.control.api;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** The thread that accepts connections. It stops at once: Netty would wait 2 s for further tasks, which it never has. */
final class AcceptLoop extends MultiThreadIoEventLoopGroup {
    private static final int LONGEST_SECONDS = 5;

    AcceptLoop(String threadName) {
        super(1, new DefaultThreadFactory(threadName), EpollIoHandler.newFactory());
    }

    @Override
    public Future<?> shutdownGracefully() {
        return shutdownGracefully(0, LONGEST_SECONDS, TimeUnit.SECONDS);
    }
}
