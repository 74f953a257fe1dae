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
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.tulle.proxy.originate.OriginationFailed;
import io.tulle.proxy.plan.Addresses;
import io.tulle.proxy.preface.ProxyHeader;
import io.tulle.xds.RootCause;
import io.tulle.xds.spec.EndpointSpec;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Opens connections on one event loop: TCP or a Unix socket, the preface of the own application, mutual TLS. */
public final class Dialer {
    private static final int FLUSHES = 256; // Netty's default: so many flushes of one read become one
    private static final String FAILURES = "failures";

    private final EventLoop loop;
    private final Transport transport;
    private final ApplicationPorts applications;
    private final Securing securing;
    private final Resolver resolver;
    private final ApplicationNetwork network;

    public Dialer(
            EventLoop loop,
            Transport transport,
            ApplicationPorts applications,
            Securing securing,
            Resolver resolver,
            ApplicationNetwork network) {
        this.loop = loop;
        this.network = network;
        this.transport = transport;
        this.applications = applications;
        this.securing = securing;
        this.resolver = resolver;
    }

    /** Why no connection was tried; its message is for the log. */
    public static final class DialFailed extends Exception {
        public DialFailed(String message) {
            super(message, null, false, false);
        }
    }

    /** What a connection takes: where to, what to say first, and what to speak through. */
    private record Way(SocketAddress address, Optional<ProxyHeader> preface, Optional<Securing.Secured> secured) {}

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
        } catch (DialFailed failed) {
            promise.tryFailure(failed);
            return promise;
        }
        var way = securing.of(dial, alpn)
                .thenCombine(
                        address(dial.endpoint()), (secured, address) -> new Way(address, Optional.empty(), secured));
        if (way.isDone()) way.whenComplete((found, why) -> found(dial, found, why, promise));
        else way.whenCompleteAsync((found, why) -> found(dial, found, why, promise), loop);
        return promise;
    }

    private CompletableFuture<? extends SocketAddress> address(EndpointSpec endpoint) {
        return endpoint.socket().isPresent()
                ? CompletableFuture.completedFuture(
                        new DomainSocketAddress(endpoint.socket().get()))
                : resolver.resolve(endpoint.address(), endpoint.port());
    }

    private void found(Dial dial, @Nullable Way way, @Nullable Throwable why, Promise<Channel> promise) {
        if (way != null) {
            connect(dial, way, promise);
            return;
        }
        promise.tryFailure(
                switch (why == null
                        ? new IllegalStateException("neither a way nor a reason")
                        : RootCause.deepest(why)) {
                    case UnknownHostException _ ->
                        new DialFailed(
                                "no address for the name " + dial.endpoint().address());
                    case Throwable other -> other;
                });
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
        var outside = way.secured().get().outside();
        var handler = channel.pipeline().get(SslHandler.class);
        handler.handshakeFuture().addListener((Future<Channel> shaken) -> {
            if (shaken.isSuccess()) deliver(channel, promise);
            else promise.tryFailure(outside ? OriginationFailed.of(shaken.cause()) : shaken.cause());
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

    private static SslHandler handler(Channel channel, Dial dial, Securing.Secured secured) {
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
