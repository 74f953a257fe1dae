package io.tulle.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.tulle.model.Protocol;
import io.tulle.proxy.exchange.Exchanges;
import io.tulle.proxy.http1.DoorSettings;
import io.tulle.proxy.http1.Http1Connection;
import io.tulle.proxy.http1.Http1Door;
import io.tulle.proxy.http2.Http2Connection;
import io.tulle.proxy.http2.Http2Door;
import io.tulle.proxy.http2.PriorKnowledge;
import io.tulle.proxy.listen.Doorway;
import io.tulle.proxy.message.Connection;
import io.tulle.proxy.nesttcp.NestTcpDoors;
import io.tulle.proxy.plan.Chain;
import io.tulle.proxy.pool.Transport;
import io.tulle.proxy.pool.UpstreamConnection;
import io.tulle.proxy.pool.Wires;
import io.tulle.proxy.relay.Detector;
import io.tulle.proxy.relay.PassThrough;
import io.tulle.proxy.relay.Pieces;
import io.tulle.proxy.relay.Relays;
import io.tulle.proxy.relay.TcpDoor;
import io.tulle.proxy.tls.Alpn;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.WireSpec;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** The one place that knows all wires: which door serves a chain, and what is spoken towards a cluster. */
final class SidecarWires implements Wires, Doorway.Doors {
    private final DoorSettings settings;
    private final Transport transport;
    private final Function<EventLoop, Relays> relays;
    private final Function<EventLoop, NestTcpDoors> nests;

    SidecarWires(
            DoorSettings settings,
            Transport transport,
            Function<EventLoop, Relays> relays,
            Function<EventLoop, NestTcpDoors> nests) {
        this.settings = settings;
        this.transport = transport;
        this.relays = relays;
        this.nests = nests;
    }

    @Override
    public boolean install(Channel channel, Connection connection, Chain chain, String alpn, Exchanges exchanges) {
        return switch (chain.spec().wire()) {
            case WireSpec.Http _ -> http(channel, connection, alpn, exchanges);
            case WireSpec.NestTcp _ -> nestTcp(channel, connection, alpn);
            case WireSpec.Tcp _ -> tcp(channel, connection, chain, alpn);
            case WireSpec.Detected _ -> detected(channel, connection, chain, alpn, exchanges);
        };
    }

    /** Whoever says by ALPN what it speaks is believed; else the first bytes tell. */
    private boolean detected(Channel channel, Connection connection, Chain chain, String alpn, Exchanges exchanges) {
        if (alpn.equals(Alpn.TCP)) return tcp(channel, connection, chain, alpn);
        if (!alpn.isEmpty()) return http(channel, connection, alpn, exchanges);
        var door = new TcpDoor(relays.apply(channel.eventLoop()), connection, channel);
        var detector = new Detector(door, chain, () -> http(channel, connection, alpn, exchanges));
        channel.pipeline().addLast(detector);
        return true;
    }

    private boolean tcp(Channel channel, Connection connection, Chain chain, String alpn) {
        if (!alpn.isEmpty() && !alpn.equals(Alpn.TCP)) return false;
        Pieces.speakIfSettled(channel);
        var door = new TcpDoor(relays.apply(channel.eventLoop()), connection, channel);
        channel.pipeline().addLast(door);
        door.begin(chain);
        return true;
    }

    private boolean nestTcp(Channel channel, Connection connection, String alpn) {
        if (!alpn.isEmpty() && !alpn.equals(Alpn.NEST_TCP)) return false;
        nests.apply(channel.eventLoop()).install(channel, connection);
        return true;
    }

    private boolean http(Channel channel, Connection connection, String alpn, Exchanges exchanges) {
        Supplier<ChannelHandler> http1 = () -> new Http1Door(connection, exchanges, settings);
        Supplier<ChannelHandler> http2 = () -> new Http2Door(channel, connection, exchanges, settings);
        switch (alpn) {
            case Alpn.HTTP_1_1 -> channel.pipeline().addLast(http1.get());
            case Alpn.HTTP_2 -> channel.pipeline().addLast(http2.get());
            case "" -> channel.pipeline().addLast(new PriorKnowledge(http1, http2, settings));
            default -> {
                return false;
            }
        }
        return true;
    }

    @Override
    public void passThrough(Channel channel, Connection connection) {
        var door = new PassThrough(relays.apply(channel.eventLoop()), connection, channel);
        channel.pipeline().addLast(door);
        door.begin(transport);
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
        if (multiplexes(cluster)) {
            var connection = new Http2Connection(
                    channel, home, nests.apply(channel.eventLoop()).shared().holdings());
            channel.pipeline().addLast(connection);
            channel.config().setAutoRead(true);
            return connection;
        }
        var limits = cluster.security() instanceof ClusterSpec.Security.MutualTls
                ? settings.limits().behindSidecar()
                : settings.limits();
        var connection = new Http1Connection(channel, home, limits);
        channel.pipeline().addLast(connection);
        channel.config().setAutoRead(true);
        return connection;
    }
}
