package io.tulle.control.api;

import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.common.TlsProvider;
import com.linecorp.armeria.common.metric.NoopMeterRegistry;
import com.linecorp.armeria.common.util.DomainSocketAddress;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.tulle.control.store.ResourceStore;
import io.tulle.xds.server.ConnectionBudget;
import io.tulle.xds.server.Doors;
import io.tulle.xds.server.Patience;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The control plane's port 15080 and its Unix socket: the API, and whatever else is mounted beside it. */
public final class ApiServer implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 4_000;
    private static final int MAX_LINE = 16 * 1024;
    private static final Duration REQUEST = Duration.ofSeconds(30);
    private static final Duration IDLE = Duration.ofMinutes(2);

    private final Doors doors;
    private final ApiService api;
    private final ExecutorService threads;

    private ApiServer(Doors doors, ApiService api, ExecutorService threads) {
        this.doors = doors;
        this.api = api;
        this.threads = threads;
    }

    /**
     * Begins to serve; returns once both doors are open.
     *
     * @param identity asked at handshakes, so that a renewed certificate needs no restart
     * @param beside mounts further services (the dashboard) behind the same gate; the API keeps {@code /api},
     *     {@code /apis}, {@code /openapi}, {@code /version} and all that nobody else takes
     */
    public static ApiServer start(
            ApiPlace place,
            Supplier<TlsKeyPair> identity,
            Credentials credentials,
            ApiRules rules,
            ResourceStore store,
            Clock clock,
            Consumer<ServerBuilder> beside)
            throws IOException {
        return start(place, identity, credentials, rules, store, clock, beside, Patience.DEFAULT);
    }

    static ApiServer start(
            ApiPlace place,
            Supplier<TlsKeyPair> identity,
            Credentials credentials,
            ApiRules rules,
            ResourceStore store,
            Clock clock,
            Consumer<ServerBuilder> beside,
            Patience patience)
            throws IOException {
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        var api = new ApiService(rules, store, clock, threads);
        var budget = new ConnectionBudget(MAX_CONNECTIONS);
        var peers = new SocketPeers(place.socket());
        var builder = Server.builder()
                .port(place.address(), SessionProtocol.HTTP, SessionProtocol.HTTPS)
                .port(DomainSocketAddress.of(place.socket()), SessionProtocol.HTTP)
                .tlsProvider(tls(identity))
                .maxRequestLength(Documents.MAX_BYTES)
                .http1MaxInitialLineLength(MAX_LINE)
                .http1MaxHeaderSize(MAX_LINE)
                .http2MaxHeaderListSize(MAX_LINE)
                .maxNumConnections(budget.sum())
                .requestTimeout(REQUEST)
                .idleTimeout(IDLE)
                .gracefulShutdownTimeout(Duration.ZERO, Duration.ZERO)
                .bossGroupFactory(AcceptLoop::new)
                .disableServerHeader()
                .meterRegistry(NoopMeterRegistry.get())
                .errorHandler(new Answers())
                .childChannelPipelineCustomizer(pipeline -> {
                    budget.admit(pipeline);
                    patience.admit(pipeline);
                    peers.admit(pipeline);
                });
        beside.accept(builder);
        builder.decorator(new Gate(credentials, names(place)));
        builder.decorator(patience);
        builder.serviceUnder("/", api);
        return new ApiServer(Doors.open(builder, place.address(), place.socket()), api, threads);
    }

    /** The address with the port that was taken. */
    public InetSocketAddress address() {
        return doors.address();
    }

    @Override
    public void close() {
        api.close();
        doors.close();
        threads.close();
    }

    private static TlsProvider tls(Supplier<TlsKeyPair> identity) {
        return _ -> identity.get();
    }

    private static Set<String> names(ApiPlace place) {
        var names = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));
        place.names().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        return names;
    }
}
