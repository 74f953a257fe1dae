package io.tulle.xds.client;

import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.tulle.xds.Culprit;
import io.tulle.xds.XdsCode;
import io.tulle.xds.stream.ClientSession;
import io.tulle.xds.stream.ClientSession.SnapshotListener;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Listens to a control plane for one node, for as long as it lives. While the control plane is away the last snapshot
 * stays in force; on its return only what changed is sent.
 */
public final class XdsClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(XdsClient.class);

    private final Dialer dialer;
    private final ScheduledExecutorService scheduler;
    private final Reconnect reconnect;
    private final ClientSession session;
    private final Consumer<Boolean> connection;

    // Owned by the scheduler's thread.
    private Optional<Stream> stream = Optional.empty();
    private boolean closed;
    private boolean toldAway; // that it is away is worth one line, not one a try

    private XdsClient(
            Dialer dialer,
            ScheduledExecutorService scheduler,
            RandomGenerator random,
            ClientSession session,
            Consumer<Boolean> connection) {
        this.dialer = dialer;
        this.scheduler = scheduler;
        this.reconnect = new Reconnect(scheduler, random);
        this.session = session;
        this.connection = connection;
    }

    /**
     * Who listens, and what hears.
     *
     * @param wanted destinations of which the first snapshot is to carry all already, by canonical host
     */
    public record Node(String id, String version, Set<String> wanted, SnapshotListener listener) {}

    /**
     * Begins to listen.
     *
     * @param scheduler of one thread, on which the listener is called too
     * @param connection told true at the first word of a stream and false at its end, on the same thread
     */
    public static XdsClient start(
            Dialer dialer,
            Node node,
            ScheduledExecutorService scheduler,
            RandomGenerator random,
            Consumer<Boolean> connection) {
        var session = new ClientSession(node.id(), node.version(), node.listener());
        node.wanted().forEach(session::want);
        var client = new XdsClient(dialer, scheduler, random, session, connection);
        client.reconnect.now(client::connect);
        return client;
    }

    /** Wants to know who an instance is; the next snapshots carry its PeerSpec, once the control plane knows. */
    public void ask(String instance) {
        scheduler.execute(() -> session.ask(instance).ifPresent(this::say));
    }

    /** No longer wants to know. */
    public void forget(String instance) {
        scheduler.execute(() -> session.forget(instance).ifPresent(this::say));
    }

    /**
     * Wants all of a destination, by its canonical host; the next snapshots carry it, and a DestinationSpec that says so, or that it
     * is nowhere.
     */
    public void want(String host) {
        scheduler.execute(() -> session.want(host).ifPresent(this::say));
    }

    /** No longer wants it. */
    public void release(String host) {
        scheduler.execute(() -> session.release(host).ifPresent(this::say));
    }

    /** What cannot be used of the snapshot in force has changed; asked on the scheduler's thread. */
    public void revise(Supplier<List<Culprit>> now) {
        scheduler.execute(() -> session.revise(now.get()).ifPresent(this::say));
    }

    /** Dials anew, for example because the own leaf has been renewed. What is held stays. */
    public void redial() {
        scheduler.execute(() -> stream.ifPresent(each -> each.ended(Status.CANCELLED)));
    }

    @Override
    public void close() {
        scheduler.execute(() -> {
            closed = true;
            stream.ifPresent(Stream::shut);
            stream = Optional.empty();
        });
    }

    private void connect() {
        if (closed) return;
        var opened = new Stream(dialer.dial(scheduler));
        stream = Optional.of(opened);
        opened.open();
    }

    private void say(DeltaDiscoveryRequest request) {
        stream.ifPresent(each -> each.requests.onNext(request));
    }

    /** One stream, from dialling to its end. Its callbacks come on the scheduler's thread. */
    private final class Stream implements StreamObserver<DeltaDiscoveryResponse> {
        private final ManagedChannel channel;
        private final StreamObserver<DeltaDiscoveryRequest> requests;
        private boolean spoken;

        Stream(ManagedChannel channel) {
            this.channel = channel;
            this.requests = AggregatedDiscoveryServiceGrpc.newStub(channel).deltaAggregatedResources(this);
        }

        void open() {
            session.open().forEach(requests::onNext);
        }

        @Override
        public void onNext(DeltaDiscoveryResponse response) {
            if (!isCurrent()) return;
            if (!spoken) {
                spoken = true;
                toldAway = false;
                reconnect.worked();
                connection.accept(true);
            }
            requests.onNext(session.heard(response));
        }

        @Override
        public void onError(Throwable cause) {
            ended(Status.fromThrowable(cause));
        }

        @Override
        public void onCompleted() {
            ended(Status.OK);
        }

        void ended(Status status) {
            if (!isCurrent()) return;
            LOG.atLevel(toldAway ? Level.DEBUG : Level.INFO) // whoever holds the registration tells the user
                    .log(
                            "control plane away code={} status={} reason=\"{}\"",
                            XdsCode.UNREACHABLE.code(),
                            status.getCode(),
                            status.getDescription());
            toldAway = true;
            shut();
            stream = Optional.empty();
            if (spoken) connection.accept(false);
            reconnect.later(XdsClient.this::connect);
        }

        void shut() {
            dialer.hangUp(channel);
        }

        private boolean isCurrent() {
            return !closed && stream.filter(each -> each == this).isPresent();
        }
    }
}
