package io.tulle.xds.server;

import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.common.TlsProvider;
import com.linecorp.armeria.common.metric.NoopMeterRegistry;
import com.linecorp.armeria.common.util.DomainSocketAddress;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerTlsConfig;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.handler.ssl.ClientAuth;
import io.tulle.xds.stream.SnapshotCache;
import io.tulle.xds.wire.Methods;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The control plane's port 15012 and its Unix socket: discovery, joining and the registry. */
public final class XdsServer implements AutoCloseable {
    private static final int LOOPS = 2; // they copy bytes; sessions are small and handlers run elsewhere

    /** For a joiner's whole request; a leaf is signed in milliseconds. */
    private static final Duration JOIN = Duration.ofSeconds(15);

    private final Doors doors;
    private final ExecutorService threads;
    private final EventLoopGroup loops;

    private XdsServer(Doors doors, ExecutorService threads, EventLoopGroup loops) {
        this.doors = doors;
        this.threads = threads;
        this.loops = loops;
    }

    /**
     * Where the edge stands.
     *
     * @param address TLS 1.3 only; port 0 takes a free one
     * @param socket plaintext, for this user alone (0600); who calls is the kernel's word
     * @param version the control plane's, said to those who join
     */
    public record Place(InetSocketAddress address, Path socket, String version) {}

    /** Who decides what the edge asks. */
    public record Handlers(DiscoveryHandler discovery, JoinHandler join, RegistryHandler registry) {}

    /** Begins to serve; returns once both doors are open. */
    public static XdsServer start(Place place, EdgeTls tls, SnapshotCache cache, Handlers handlers, EdgeLimits limits)
            throws IOException {
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        var loops = new MultiThreadIoEventLoopGroup(LOOPS, EpollIoHandler.newFactory());
        var tally = new Tally(limits.streams());
        var budget = new ConnectionBudget(limits.connections());
        var services = GrpcService.builder()
                .addService(new DiscoveryService(cache, handlers.discovery(), limits.subscriptions(), tally))
                .addService(new JoinService(handlers.join(), threads).bindService())
                .addService(new RegistryService(handlers.registry(), tally, threads, place.version()).bindService())
                .maxRequestMessageLength(limits.messageBytes())
                .useClientTimeoutHeader(false)
                .build();
        var builder = Server.builder()
                .port(place.address(), SessionProtocol.HTTPS)
                .port(DomainSocketAddress.of(place.socket()), SessionProtocol.HTTP)
                .tlsProvider(provider(tls), config())
                .service(services)
                .workerGroup(loops, false)
                .requestTimeout(Duration.ZERO) // streams live as long as their clients
                .maxRequestLength(0) // likewise; each message has its limit
                .maxNumConnections(budget.sum())
                .childChannelPipelineCustomizer(pipeline -> {
                    budget.admit(pipeline);
                    limits.patience().admit(pipeline);
                })
                .decorator("prefix:/" + Methods.JOIN_SERVICE, (next, context, request) -> {
                    context.setRequestTimeout(JOIN); // a joiner is a stranger, and asks once
                    return next.serve(context, request);
                })
                .decorator("exact:/" + Methods.REPORT_END.getFullMethodName(), (next, context, request) -> {
                    context.setRequestTimeout(JOIN); // so is a guardian
                    return next.serve(context, request);
                })
                .decorator(limits.patience())
                .idleTimeout(limits.ping().multipliedBy(6))
                .pingInterval(limits.ping())
                .gracefulShutdownTimeout(Duration.ZERO, Duration.ZERO)
                .disableServerHeader()
                .meterRegistry(NoopMeterRegistry.get());
        return new XdsServer(Doors.open(builder, place.address(), place.socket()), threads, loops);
    }

    /** The TLS address, with the port that was taken. */
    public InetSocketAddress address() {
        return doors.address();
    }

    @Override
    public void close() {
        doors.close();
        threads.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS); // every connection is closed by now
    }

    private static TlsProvider provider(EdgeTls tls) {
        return new TlsProvider() {
            @Override
            public TlsKeyPair keyPair(String host) {
                var credentials = tls.credentials();
                return TlsKeyPair.of(credentials.key(), credentials.chain());
            }

            @Override
            public List<X509Certificate> trustedCertificates(String host) {
                return tls.roots();
            }
        };
    }

    private static ServerTlsConfig config() {
        return ServerTlsConfig.builder()
                .clientAuth(ClientAuth.OPTIONAL) // a joiner has no leaf yet; each service asks for what it needs
                .tlsCustomizer(builder -> builder.protocols("TLSv1.3"))
                .build();
    }
}
