package io.tulle.proxy.listen;

import io.netty.channel.ChannelHandler;
import io.tulle.proxy.preface.LaunchSecret;
import io.tulle.proxy.tls.TlsContexts;
import java.time.Duration;
import java.util.OptionalInt;

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
        return new Sniffer(doorway, tls, patienceMillis, _ -> OptionalInt.empty());
    }

    /** For the mesh port of a namespace, to which its rules also lead what comes to a declared port. */
    public ChannelHandler redirectedInbound(Doorway doorway) {
        return new Sniffer(doorway, tls, patienceMillis, OriginalDestination::port);
    }

    /** For what the rules of a namespace lead to the sidecar. */
    public ChannelHandler redirected(Doorway doorway, DialledNames names) {
        return new RedirectGate(doorway, names);
    }

    /** For the outbound door. */
    public ChannelHandler outbound(Doorway doorway, LaunchSecret secret) {
        return new PrefaceGate(doorway, secret, patienceMillis);
    }
}
