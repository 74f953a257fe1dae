package io.tulle.proxy.pool;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.tulle.proxy.plan.Addresses;
import io.tulle.proxy.preface.ProxyHeader;
import io.tulle.proxy.tls.TlsContexts;
import io.tulle.xds.spec.ClusterSpec;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Opens connections on one event loop: TCP or a Unix socket, the preface of the own application, mutual TLS. */
public final class Dialer {
    private static final int FLUSHES = 256; // Netty's default: so many flushes of one read become one
    private static final String FAILURES = "failures";

    private final EventLoop loop;
    private final Transport transport;
    private final ApplicationPorts applications;
    private final TlsContexts tls;
    private final Resolver resolver;
    private final ApplicationNetwork network;

    public Dialer(
            EventLoop loop,
            Transport transport,
            ApplicationPorts applications,
            TlsContexts tls,
            Resolver resolver,
            ApplicationNetwork network) {
        this.loop = loop;
        this.network = network;
        this.transport = transport;
        this.applications = applications;
        this.tls = tls;
        this.resolver = resolver;
    }

    /** Why no connection was tried; its message is for the log. */
    public static final class DialFailed extends Exception {
        public DialFailed(String message) {
            super(message, null, false, false);
        }
    }

    /** What a connection takes: where to, what to say first, and what to speak through. */
    private record Way(SocketAddress address, Optional<ProxyHeader> preface, Optional<Secured> secured) {}

    private record Secured(SslContext context, String serverName) {}

    /**
     * Connects. The channel comes with reading off, so that what the server says first waits for whoever installs the
     * next handler and turns reading on. Whoever does not want it any more cancels: what was begun is closed at once.
     *
     * @param alpn what to offer where the cluster is spoken to by mutual TLS
     */
    public Future<Channel> dial(Dial dial, List<String> alpn) {
        Promise<Channel> promise = loop.newPromise();
        try {
            if (dial.isApplication()) {
                connect(dial, application(dial), promise);
                return promise;
            }
            var secured = secured(dial, alpn);
            var found =
                    resolver.resolve(dial.endpoint().address(), dial.endpoint().port());
            if (found.isDone() && !found.isCompletedExceptionally()) {
                connect(dial, new Way(found.join(), Optional.empty(), secured), promise);
            } else {
                found.whenCompleteAsync((address, _) -> resolved(dial, secured, address, promise), loop);
            }
        } catch (SSLException | DialFailed failed) {
            promise.tryFailure(failed);
        }
        return promise;
    }

    private void resolved(
            Dial dial, Optional<Secured> secured, @Nullable InetSocketAddress address, Promise<Channel> promise) {
        if (address != null) connect(dial, new Way(address, Optional.empty(), secured), promise);
        else
            promise.tryFailure(
                    new DialFailed("no address for the name " + dial.endpoint().address()));
    }

    private void connect(Dial dial, Way way, Promise<Channel> promise) {
        if (promise.isDone()) return; // cancelled while its name was looked up
        var connecting = bootstrap(dial, way).connect(way.address());
        promise.addListener(done -> {
            if (done.isCancelled()) connecting.channel().close();
        });
        connecting.addListener((ChannelFuture done) -> {
            if (done.isSuccess()) connected(done.channel(), way, promise);
            else promise.tryFailure(done.cause());
        });
    }

    private Optional<Secured> secured(Dial dial, List<String> alpn) throws SSLException, DialFailed {
        return switch (dial.cluster().spec().security()) {
            case ClusterSpec.Security.Plaintext _ -> Optional.empty();
            case ClusterSpec.Security.MutualTls(var serverName, var identities) -> {
                if (identities.isEmpty()) throw new DialFailed("the cluster names no identity that may answer");
                var context = tls.client(identities, alpn)
                        .orElseThrow(() -> new DialFailed("this sidecar has no certificate yet"));
                yield Optional.of(new Secured(context, serverName));
            }
        };
    }

    private Way application(Dial dial) throws DialFailed {
        var port = dial.endpoint().port();
        var place = applications
                .of(port)
                .orElseThrow(() -> new DialFailed("the application does not listen on " + port + " (yet)"));
        var preface = place.secret()
                .map(secret -> new ProxyHeader(
                                dial.caller(), Addresses.loopback(port), Optional.empty(), Optional.of(secret))
                        .asking());
        return new Way(place.address(), preface, Optional.empty());
    }

    private static void connected(Channel channel, Way way, Promise<Channel> promise) {
        if (way.preface().isPresent()) {
            channel.pipeline()
                    .addBefore(FAILURES, null, new Admission(() -> deliver(channel, promise), promise::tryFailure));
            channel.writeAndFlush(way.preface().get().write(channel.alloc()), channel.voidPromise());
            channel.read();
            return;
        }
        if (way.secured().isEmpty()) {
            deliver(channel, promise);
            return;
        }
        var handler = channel.pipeline().get(SslHandler.class);
        handler.handshakeFuture().addListener((Future<Channel> shaken) -> {
            if (shaken.isSuccess()) deliver(channel, promise);
            else promise.tryFailure(shaken.cause());
        });
    }

    private static void deliver(Channel channel, Promise<Channel> promise) {
        channel.pipeline().remove(Failures.class);
        if (!promise.trySuccess(channel)) channel.close();
    }

    private Bootstrap bootstrap(Dial dial, Way way) {
        var millis = (int) dial.cluster().spec().limits().connectTimeout().toMillis();
        var there = dial.isApplication() ? network : ApplicationNetwork.SHARED;
        var bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(there.channels(transport.towards(way.address())))
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new FlushConsolidationHandler(FLUSHES, true));
                        way.secured().ifPresent(secured -> channel.pipeline().addLast(handler(channel, dial, secured)));
                        channel.pipeline().addLast(FAILURES, new Failures());
                    }
                });
        if (!(way.address() instanceof DomainSocketAddress)) bootstrap.option(ChannelOption.TCP_NODELAY, true);
        return bootstrap;
    }

    private static SslHandler handler(Channel channel, Dial dial, Secured secured) {
        var handler = secured.context()
                .newHandler(
                        channel.alloc(), secured.serverName(), dial.endpoint().port());
        handler.setHandshakeTimeoutMillis(
                dial.cluster().spec().limits().connectTimeout().toMillis());
        return handler;
    }

    /** Until somebody takes the channel over: whoever dials hears of errors through the promise. */
    private static final class Failures extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
