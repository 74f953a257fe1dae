package io.tulle.proxy.pool;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ReflectiveChannelFactory;
import java.util.ArrayList;

/**
 * The network that the application is in. Sockets that it meets (those that it dials, the mesh port, those that dial it)
 * are made there; all others are made in this process's own, so that what a sidecar dials leaves by the host.
 */
@FunctionalInterface
public interface ApplicationNetwork {
    /** The application is in the same network as this process. */
    ApplicationNetwork SHARED = Runnable::run;

    /** Does something on this thread, whose new sockets belong to that network. No thread may be started meanwhile. */
    void within(Runnable work);

    /** Makes channels whose sockets belong to that network, whichever thread asks. */
    default <C extends Channel> ChannelFactory<C> channels(Class<C> type) {
        var plain = new ReflectiveChannelFactory<C>(type);
        return () -> {
            var made = new ArrayList<C>(1);
            within(() -> made.add(plain.newChannel()));
            return made.getFirst();
        };
    }
}
