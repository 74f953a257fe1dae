package io.tulle.proxy.pool;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.tulle.proxy.plan.Addresses;
import io.tulle.proxy.preface.ProxyHeader;
import io.tulle.proxy.tls.TlsContexts;
import io.tulle.xds.spec.ClusterSpec;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Opens connections on one event loop: TCP or a Unix socket, the preface of the own application, mutual TLS. */
public final class Dialer {
    private final EventLoop loop;
    private final Transport transport;
    private final ApplicationPorts applications;
    private final TlsContexts tls;

    public Dialer(EventLoop loop, Transport transport, ApplicationPorts applications, TlsContexts tls) {
        this.loop = loop;
        this.transport = transport;
        this.applications = applications;
        this.tls = tls;
    }

    /** Why no connection came about; its message is for the log. */
    public static final class DialFailed extends Exception {
        public DialFailed(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * Connects. The channel comes with reading off, so that what the server says first waits for whoever installs the
     * next handler and turns reading on.
     *
     * @param alpn what to offer where the cluster is spoken to by mutual TLS
     */
    public Future<Channel> dial(Dial dial, List<String> alpn) {
        Promise<Channel> promise = loop.newPromise();
        try {
            switch (dial.cluster().spec().security()) {
                case ClusterSpec.Security.Plaintext _ -> plain(dial, promise);
                case ClusterSpec.Security.MutualTls secure -> secured(dial, secure, alpn, promise);
            }
        } catch (SSLException | DialFailed failed) {
            promise.tryFailure(failed);
        }
        return promise;
    }

    private void plain(Dial dial, Promise<Channel> promise) throws DialFailed {
        if (!dial.isApplication()) {
            var address = new InetSocketAddress(
                    dial.endpoint().address(), dial.endpoint().port());
            connect(dial, address, Optional.empty(), promise);
            return;
        }
        var port = dial.endpoint().port();
        var place =
                applications.of(port).orElseThrow(() -> new DialFailed("the application does not listen on " + port));
        var preface = place.secret()
                .map(secret -> new ProxyHeader(
                        dial.caller(), Addresses.loopback(port), Optional.empty(), Optional.of(secret)));
        connect(dial, place.address(), preface, promise);
    }

    private void connect(
            Dial dial, java.net.SocketAddress address, Optional<ProxyHeader> preface, Promise<Channel> promise) {
        bootstrap(dial, address, Optional.empty())
                .connect(address)
                .addListener((io.netty.channel.ChannelFuture done) -> {
                    if (!done.isSuccess()) {
                        promise.tryFailure(done.cause());
                        return;
                    }
                    var channel = done.channel();
                    preface.ifPresent(header -> channel.write(header.write(channel.alloc()), channel.voidPromise()));
                    deliver(channel, promise);
                });
    }

    private void secured(Dial dial, ClusterSpec.Security.MutualTls secure, List<String> alpn, Promise<Channel> promise)
            throws SSLException, DialFailed {
        if (secure.identities().isEmpty()) throw new DialFailed("the cluster names no identity that may answer");
        var context = tls.client(secure.identities(), alpn)
                .orElseThrow(() -> new DialFailed("this sidecar has no identity yet"));
        var address = Addresses.of(dial.endpoint().address(), dial.endpoint().port());
        var millis = dial.cluster().spec().limits().connectTimeout().toMillis();
        var bootstrap = bootstrap(dial, address, Optional.of(channel -> {
            var handler = context.newHandler(
                    channel.alloc(), secure.serverName(), dial.endpoint().port());
            handler.setHandshakeTimeoutMillis(millis);
            return handler;
        }));
        bootstrap.connect(address).addListener((io.netty.channel.ChannelFuture done) -> {
            if (!done.isSuccess()) {
                promise.tryFailure(done.cause());
                return;
            }
            var handler = done.channel().pipeline().get(SslHandler.class);
            handler.handshakeFuture().addListener((Future<Channel> shaken) -> {
                if (shaken.isSuccess()) deliver(done.channel(), promise);
                else promise.tryFailure(shaken.cause());
            });
        });
    }

    private static void deliver(Channel channel, Promise<Channel> promise) {
        if (!promise.trySuccess(channel)) channel.close();
    }

    private interface TlsHandlers {
        SslHandler newHandler(Channel channel);
    }

    private Bootstrap bootstrap(Dial dial, java.net.SocketAddress address, Optional<TlsHandlers> handlers) {
        var limits = dial.cluster().spec().limits();
        var bootstrap = new Bootstrap()
                .group(loop)
                .channel(transport.towards(address))
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        limits.connectTimeout().toMillis())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new FlushConsolidationHandler(256, true));
                        handlers.ifPresent(h -> channel.pipeline().addLast(h.newHandler(channel)));
                    }
                });
        if (SocketChannel.class.isAssignableFrom(transport.towards(address))) {
            bootstrap.option(ChannelOption.TCP_NODELAY, true);
        }
        return bootstrap;
    }
}
