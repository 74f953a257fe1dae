package io.tulle.bench.control;

import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.tulle.xds.join.Issued;
import io.tulle.xds.registry.Announcement;
import io.tulle.xds.registry.TrafficReport;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.stream.ClientSession;
import io.tulle.xds.wire.Methods;
import io.tulle.xds.wire.Wires;
import io.tulle.xds.wire.holding.Hear;
import io.tulle.xds.wire.holding.Say;
import java.net.InetSocketAddress;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;

/**
 * One sidecar as the control plane sees it: a leaf of its own, a stream of its registration with heartbeats, and one of
 * configuration, each on a connection of its own, as {@code tulle run} holds them.
 */
final class Simulated implements AutoCloseable {
    private static final int MESSAGE_BYTES = 64 << 20;
    private static final long BEAT_MILLIS = 3_333;

    private final Crowd crowd;
    private final InetSocketAddress server;
    private final Issued leaf;
    private final ManagedChannel registry;
    private final AtomicReference<ManagedChannel> configuration = new AtomicReference<>();
    private final AtomicReference<Hold> hold = new AtomicReference<>();
    private final AtomicReference<Awaited> awaited = new AtomicReference<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong nameBytes = new AtomicLong();
    private final CompletableFuture<Long> served = new CompletableFuture<>();
    private int servedNames; // still to come; set before it follows, and its stream's from then on
    private int servedDestinations;
    private volatile Announcement announced;
    private volatile boolean closed;

    Simulated(Crowd crowd, InetSocketAddress server, Issued leaf, Announcement announced) {
        this.crowd = crowd;
        this.server = server;
        this.leaf = leaf;
        this.announced = announced;
        this.registry = dial();
    }

    /** A resource that is awaited, and when it came. */
    private record Awaited(String type, String name, CompletableFuture<Long> came) {}

    Announcement announced() {
        return announced;
    }

    /** Registers, anew where it is registered already; done when it is accepted. */
    CompletableFuture<Void> register(Announcement now) {
        announced = now;
        var opened = new Hold();
        opened.say(Say.newBuilder().setRegister(Wires.encode(now)).build());
        var before = hold.getAndSet(opened);
        return opened.accepted.thenRun(() -> {
            if (before != null) before.end();
        });
    }

    /** Subscribes to what our sidecars subscribe to, and asks for all of these destinations. */
    void follow(List<String> hosts) {
        var channel = dial();
        configuration.set(channel);
        var answers = new CompletableFuture<StreamObserver<DeltaDiscoveryRequest>>();
        var requests = AggregatedDiscoveryServiceGrpc.newStub(channel)
                .deltaAggregatedResources(new StreamObserver<DeltaDiscoveryResponse>() {
                    @Override
                    public void onNext(DeltaDiscoveryResponse response) {
                        heard(response);
                        answers.join()
                                .onNext(DeltaDiscoveryRequest.newBuilder()
                                        .setTypeUrl(response.getTypeUrl())
                                        .setResponseNonce(response.getNonce())
                                        .build());
                    }

                    @Override
                    public void onError(Throwable cause) {
                        if (closed) return;
                        System.err.println(
                                "  " + announced.instance().id() + " lost its stream: " + cause.getMessage());
                        var wanted = awaited.get();
                        if (wanted != null) wanted.came().completeExceptionally(cause);
                    }

                    @Override
                    public void onCompleted() {}
                });
        answers.complete(requests);
        var session = new ClientSession(announced.instance().id(), "bench", _ -> List.of());
        hosts.forEach(session::want);
        session.open().forEach(requests::onNext);
    }

    /** When it holds this many names and this many destinations, by {@code System.nanoTime}. */
    CompletableFuture<Long> serves(int names, int destinations) {
        servedNames = names;
        servedDestinations = destinations;
        return served;
    }

    /** When a resource of this type and name comes next, by {@code System.nanoTime}. */
    CompletableFuture<Long> next(String type, String name) {
        var wanted = new Awaited(type, name, new CompletableFuture<>());
        awaited.set(wanted);
        return wanted.came();
    }

    /** Bytes that it was sent so far, but for those of names. */
    long bytes() {
        return bytes.get();
    }

    /** Bytes of names that it was sent so far. */
    long nameBytes() {
        return nameBytes.get();
    }

    private void heard(DeltaDiscoveryResponse response) {
        var isOfNames = response.getTypeUrl().equals(ResourceType.NAME.url());
        (isOfNames ? nameBytes : bytes).addAndGet(response.getSerializedSize());
        count(response);
        var wanted = awaited.get();
        if (wanted == null || !wanted.type().equals(response.getTypeUrl())) return;
        for (var resource : response.getResourcesList()) {
            if (resource.getName().equals(wanted.name())) wanted.came().complete(System.nanoTime());
        }
    }

    private void count(DeltaDiscoveryResponse response) {
        if (served.isDone()) return;
        if (response.getTypeUrl().equals(ResourceType.NAME.url())) servedNames -= response.getResourcesCount();
        if (response.getTypeUrl().equals(ResourceType.DESTINATION.url()))
            servedDestinations -= response.getResourcesCount();
        if (servedNames <= 0 && servedDestinations <= 0) served.complete(System.nanoTime());
    }

    private ManagedChannel dial() {
        try {
            var tls = GrpcSslContexts.configure(
                            SslContextBuilder.forClient()
                                    .keyManager(crowd.key().getPrivate(), Pems.certificates(leaf.chain()))
                                    .trustManager(Pems.certificates(leaf.trust())),
                            SslProvider.OPENSSL)
                    .protocols("TLSv1.3")
                    .build();
            return NettyChannelBuilder.forAddress(server)
                    .channelType(EpollSocketChannel.class)
                    .eventLoopGroup(crowd.loops())
                    .sslContext(tls)
                    .overrideAuthority("control") // the name in its certificate
                    .directExecutor()
                    .maxInboundMessageSize(MESSAGE_BYTES)
                    .build();
        } catch (SSLException | CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        registry.shutdownNow();
        var followed = configuration.get();
        if (followed != null) followed.shutdownNow();
    }

    /** A stream of registration. */
    private final class Hold implements StreamObserver<Hear> {
        private final CompletableFuture<Void> accepted = new CompletableFuture<>();
        private final StreamObserver<Say> out =
                ClientCalls.asyncBidiStreamingCall(registry.newCall(Methods.HOLD, CallOptions.DEFAULT), this);

        synchronized void say(Say what) {
            out.onNext(what);
        }

        synchronized void end() {
            out.onCompleted();
        }

        @Override
        public void onNext(Hear hear) {
            if (hear.hasRefused()) {
                accepted.completeExceptionally(new IllegalStateException(
                        Wires.decode(hear.getRefused()).explained()));
            }
            if (hear.hasAccepted()) {
                accepted.complete(null);
                beat();
            }
        }

        private void beat() {
            if (hold.get() != this) return;
            say(Say.newBuilder()
                    .setHeartbeat(Wires.encode(TrafficReport.NONE, List.of()))
                    .build());
            crowd.heart().schedule(this::beat, BEAT_MILLIS, TimeUnit.MILLISECONDS);
        }

        @Override
        public void onError(Throwable cause) {
            accepted.completeExceptionally(cause);
        }

        @Override
        public void onCompleted() {
            accepted.completeExceptionally(new IllegalStateException("the control plane ended the stream"));
        }
    }
}
