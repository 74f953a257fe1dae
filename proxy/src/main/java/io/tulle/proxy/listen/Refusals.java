package io.tulle.proxy.listen;

import io.netty.channel.Channel;
import io.tulle.proxy.report.ConnectionListener;
import io.tulle.proxy.report.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes connections that may not come in, and says why where operators look. */
public final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    private final ConnectionListener listener;

    public Refusals(ConnectionListener listener) {
        this.listener = listener;
    }

    /** Closes one of many, counted and not logged: what they have in common is said elsewhere, once. */
    void turnAway(Channel channel, Refusal refusal) {
        listener.refused(channel.remoteAddress(), refusal, "");
        channel.close();
    }

    void refuse(Channel channel, Refusal refusal, String detail) {
        // The detail may hold what a stranger sent: no line of the log may begin in it.
        var safe = detail.replaceAll("\\p{Cntrl}", "?");
        LOG.warn("{} {}: {} (from {})", refusal.code(), refusal.title(), safe, channel.remoteAddress());
        listener.refused(channel.remoteAddress(), refusal, safe);
        channel.close();
    }
}
