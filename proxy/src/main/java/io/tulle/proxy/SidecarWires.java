package io.tulle.proxy;

import io.netty.channel.Channel;
import io.tulle.model.Protocol;
import io.tulle.proxy.exchange.Connection;
import io.tulle.proxy.exchange.Exchanges;
import io.tulle.proxy.http1.DoorSettings;
import io.tulle.proxy.http1.Http1Connection;
import io.tulle.proxy.http1.Http1Door;
import io.tulle.proxy.listen.Doorway;
import io.tulle.proxy.plan.Chain;
import io.tulle.proxy.pool.UpstreamConnection;
import io.tulle.proxy.pool.Wires;
import io.tulle.proxy.tls.Alpn;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.WireSpec;
import java.util.List;

/** The one place that knows all wires: which door serves a chain, and what is spoken towards a cluster. */
final class SidecarWires implements Wires, Doorway.Doors {
    private final DoorSettings settings;

    SidecarWires(DoorSettings settings) {
        this.settings = settings;
    }

    @Override
    public boolean install(Channel channel, Connection connection, Chain chain, String alpn, Exchanges exchanges) {
        return switch (chain.spec().wire()) {
            case WireSpec.Http _, WireSpec.Detected _ -> http(channel, connection, alpn, exchanges);
            case WireSpec.NestTcp _, WireSpec.Tcp _ -> false;
        };
    }

    private boolean http(Channel channel, Connection connection, String alpn, Exchanges exchanges) {
        if (!alpn.isEmpty() && !alpn.equals(Alpn.HTTP_1_1)) return false;
        channel.pipeline().addLast(new Http1Door(connection, exchanges, settings));
        return true;
    }

    @Override
    public List<String> alpn(ClusterSpec cluster) {
        return Alpn.offered(cluster.protocol());
    }

    @Override
    public boolean multiplexes(ClusterSpec cluster) {
        return cluster.protocol() == Protocol.HTTP2 || cluster.protocol() == Protocol.GRPC;
    }

    @Override
    public UpstreamConnection install(Channel channel, ClusterSpec cluster, UpstreamConnection.Home home) {
        var connection = new Http1Connection(channel, home, settings.limits());
        channel.pipeline().addLast(connection);
        channel.config().setAutoRead(true);
        return connection;
    }
}
