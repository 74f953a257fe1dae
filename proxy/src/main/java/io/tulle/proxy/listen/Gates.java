package io.tulle.proxy.listen;

import io.netty.channel.ChannelHandler;
import io.tulle.proxy.preface.LaunchSecret;
import io.tulle.proxy.tls.TlsContexts;
import java.time.Duration;

/** Makes the first handler of each connection, by where it came in. */
public final class Gates {
    private final TlsContexts tls;
    private final long patienceMillis;

    /**
     * @param introduction how long a caller may take to say who it is
     */
    public Gates(TlsContexts tls, Duration introduction) {
        this.tls = tls;
        this.patienceMillis = introduction.toMillis();
    }

    /** For the mesh port. */
    public ChannelHandler inbound(Doorway doorway) {
        return new Sniffer(doorway, tls, patienceMillis);
    }

    /** For the outbound door. */
    public ChannelHandler outbound(Doorway doorway, LaunchSecret secret) {
        return new PrefaceGate(doorway, secret, patienceMillis);
    }
}
