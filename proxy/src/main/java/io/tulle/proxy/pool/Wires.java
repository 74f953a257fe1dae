package io.tulle.proxy.pool;

import io.netty.channel.Channel;
import io.tulle.xds.spec.ClusterSpec;
import java.util.List;

/** Makes a fresh channel speak a cluster's protocol. One implementation knows all of them; the pool knows none. */
public interface Wires {
    /** What to offer by ALPN, where the cluster is spoken to by mutual TLS. */
    List<String> alpn(ClusterSpec cluster);

    /** Whether one connection carries many streams, so that whoever waits should wait for the one that is opening. */
    boolean multiplexes(ClusterSpec cluster);

    /** Installs handlers and turns reading on. */
    UpstreamConnection install(Channel channel, ClusterSpec cluster, UpstreamConnection.Home home);
}
