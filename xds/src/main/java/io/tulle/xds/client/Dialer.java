package io.tulle.xds.client;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;

/** Opens connections to one control plane, on one thread of its own. */
public final class Dialer implements AutoCloseable {
    private static final int MESSAGE_BYTES = 16 << 20;
    private static final int PING_SECONDS = 10;
    private static final int PONG_SECONDS = 5;

    private final ControlAddress address;
    private final Optional<SslContext> tls; // none at a Unix socket
    private final Set<ManagedChannel> channels = ConcurrentHashMap.newKeySet();
    private final IoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());

    private volatile boolean closed;

    private Dialer(ControlAddress address, Optional<SslContext> tls) {
        this.address = address;
        this.tls = tls;
    }

    /** @param own asked at each handshake; empty before joining */
    public static Dialer of(
            ControlAddress address, ServerTrust trust, Supplier<Optional<OwnCredentials>> own, Clock clock) {
        try {
            var builder = SslContextBuilder.forClient()
                    .keyManager(new OwnKey(own))
                    .trustManager(new ControlTrust(trust, clock));
            // the JDK's engine asks our managers at each handshake, and keeps no session of an older leaf
            var tls = GrpcSslContexts.configure(builder, SslProvider.JDK)
                    .protocols("TLSv1.3")
                    .sessionCacheSize(1)
                    .sessionTimeout(1)
                    .build();
            return new Dialer(address, Optional.of(tls));
        } catch (SSLException e) {
            throw new IllegalStateException("this JDK has no TLS 1.3", e);
        }
    }

    /** Without a leaf and without TLS: for the Unix socket. */
    public static Dialer local(ControlAddress.Unix address) {
        return new Dialer(address, Optional.empty());
    }

    /** A channel for one stream's life; callbacks run on the executor. */
    ManagedChannel dial(Executor callbacks) {
        if (closed) throw new IllegalStateException("this dialer is closed");
        var builder = switch (address) {
            case ControlAddress.Tcp(var where) ->
                NettyChannelBuilder.forAddress(fresh(where.get()))
                        .channelType(EpollSocketChannel.class)
                        .sslContext(tls.orElseThrow())
                        .overrideAuthority("control.tulle"); // no address is a name in a certificate of ours
            case ControlAddress.Unix(var socket) ->
                NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                        .channelType(EpollDomainSocketChannel.class)
                        .usePlaintext()
                        .overrideAuthority("control.tulle");
        };
        var channel = builder.eventLoopGroup(loop)
                .executor(callbacks)
                .offloadExecutor(callbacks)
                .maxInboundMessageSize(MESSAGE_BYTES)
                .keepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(PONG_SECONDS, TimeUnit.SECONDS)
                .build();
        channels.add(channel);
        return channel;
    }

    /** Ends a channel and all that runs on it. */
    void hangUp(ManagedChannel channel) {
        channels.remove(channel);
        channel.shutdownNow();
    }

    /** Ends every channel; close those who use it first. */
    @Override
    public void close() {
        closed = true;
        channels.forEach(this::hangUp);
        loop.shutdownGracefully(100, 1_000, TimeUnit.MILLISECONDS); // what channels still have to say to their loop
    }

    /** A name is looked up at each attempt, so that a control plane may move. */
    private static InetSocketAddress fresh(InetSocketAddress where) {
        return where.isUnresolved() ? new InetSocketAddress(where.getHostString(), where.getPort()) : where;
    }
}
