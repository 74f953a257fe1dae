package io.tulle.proxy.listen;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.tulle.proxy.report.Refusal;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many connections one listener has open, and what is said when it takes no more: by its own limit, or because the
 * process may open no more files. Each is said once and again only after it has been well: whoever fills a door must not fill
 * the log. Connections of one listener are on any loop.
 */
final class Crowd {
    private static final Logger LOG = LoggerFactory.getLogger(Crowd.class);

    private static final long PAUSE_MILLIS = 200;
    /** Loaded while there are descriptors to load a class with. */
    private static final Refusal NO_DESCRIPTORS = Refusal.DESCRIPTORS;

    private final String listener;
    private final int most;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicBoolean full = new AtomicBoolean();
    private final AtomicBoolean failing = new AtomicBoolean();

    /**
     * @param most how many may be open at one time
     */
    Crowd(String listener, int most) {
        this.listener = listener;
        this.most = most;
    }

    /**
     * Counts a connection until it closes.
     *
     * @return whether there is room for it
     */
    boolean takes(Channel connection) {
        var now = open.incrementAndGet();
        connection.closeFuture().addListener(_ -> open.decrementAndGet());
        failing.set(false);
        if (now <= most) {
            if (now <= most / 4 * 3) full.set(false);
            return true;
        }
        if (full.compareAndSet(false, true)) say(Refusal.TOO_MANY, "at most " + most);
        return false;
    }

    private void say(Refusal refusal, String detail) {
        LOG.warn("{} {}: {} ({})", refusal.code(), refusal.title(), listener, detail);
    }

    /** For the listener's own socket: accepts nothing for a moment, then tries again, for as long as it takes. */
    ChannelInboundHandlerAdapter acceptFailures() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                if (failing.compareAndSet(false, true)) say(NO_DESCRIPTORS, String.valueOf(cause.getMessage()));
                var config = context.channel().config();
                config.setAutoRead(false); // whoever knocks waits in the kernel meanwhile
                context.executor().schedule(() -> config.setAutoRead(true), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            }
        };
    }
}
