package io.tulle.xds.client;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.tulle.model.Problem;
import io.tulle.model.world.Serving;
import io.tulle.xds.XdsCode;
import io.tulle.xds.registry.Announcement;
import io.tulle.xds.registry.EdgeCounts;
import io.tulle.xds.registry.TrafficReport;
import io.tulle.xds.wire.Methods;
import io.tulle.xds.wire.Wires;
import io.tulle.xds.wire.holding.Beat;
import io.tulle.xds.wire.holding.Hear;
import io.tulle.xds.wire.holding.Heartbeat;
import io.tulle.xds.wire.holding.Leave;
import io.tulle.xds.wire.holding.Say;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one instance registered for as long as it lives: registers, sends a heartbeat at once and at each third of the lease, and
 * registers again after a lost stream. A refusal ends it, unless the lease was merely over.
 */
public final class RegistryClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryClient.class);

    private final Dialer dialer;
    private final ScheduledExecutorService scheduler;
    private final Reconnect reconnect;
    private final Listener listener;
    private final Supplier<TrafficReport> traffic;

    // Owned by the scheduler's thread.
    private final CompletableFuture<Void> left = new CompletableFuture<>();
    private Announcement announcement;
    private Optional<Stream> stream = Optional.empty();
    private boolean over;

    private RegistryClient(
            Dialer dialer,
            Announcement announcement,
            Supplier<TrafficReport> traffic,
            ScheduledExecutorService scheduler,
            RandomGenerator random,
            Listener listener) {
        this.traffic = traffic;
        this.dialer = dialer;
        this.announcement = announcement;
        this.scheduler = scheduler;
        this.reconnect = new Reconnect(scheduler, random);
        this.listener = listener;
    }

    /** Hears how the registration fares, on the scheduler's thread. */
    public interface Listener {
        /** Registered, with the control plane's version; again after each reconnection. */
        void registered(Duration lease, String version);

        /** The stream is lost; it is tried again. */
        void lost(Problem why);

        /** Refused: nothing is tried again. */
        void refused(Problem why);

        /** Another run has taken the instance's name on purpose: nothing is tried again. */
        void replaced(Problem why);
    }

    /**
     * Begins to register.
     *
     * @param traffic asked at each heartbeat for what was counted so far
     * @param scheduler of one thread
     */
    public static RegistryClient start(
            Dialer dialer,
            Announcement announcement,
            Supplier<TrafficReport> traffic,
            ScheduledExecutorService scheduler,
            RandomGenerator random,
            Listener listener) {
        var client = new RegistryClient(dialer, announcement, traffic, scheduler, random, listener);
        client.reconnect.now(client::connect);
        return client;
    }

    /** Registers anew with a changed announcement, such as an application's port that is up now. */
    public void announce(Announcement changed) {
        scheduler.execute(() -> {
            announcement = changed;
            if (over) return;
            stream.ifPresent(Stream::shut);
            reconnect.now(this::connect);
        });
    }

    /** Says which ports are listened on from now on; the stream stays. From any thread. */
    public void serving(Serving now) {
        scheduler.execute(() -> {
            announcement = announcement.serving(now);
            stream.ifPresent(Stream::tellServing);
        });
    }

    /** Leaves: peers are told at once. Done when the control plane has said so, or cannot be reached now. */
    public CompletionStage<Void> leave() {
        scheduler.execute(() -> {
            over = true;
            if (stream.isEmpty() || !stream.get().accepted) {
                finish();
            } else {
                stream.get().say(Say.newBuilder().setLeave(Leave.getDefaultInstance()));
            }
        });
        return left;
    }

    /** Goes without a word: the lease runs out by itself. */
    @Override
    public void close() {
        scheduler.execute(() -> {
            over = true;
            finish();
        });
    }

    private void connect() {
        if (over) return;
        var opened = new Stream(dialer.dial(scheduler));
        stream = Optional.of(opened);
        opened.say(Say.newBuilder().setRegister(Wires.encode(announcement)));
    }

    private void finish() {
        stream.ifPresent(Stream::shut);
        stream = Optional.empty();
        left.complete(null);
    }

    private final class Stream implements StreamObserver<Hear> {
        private final ManagedChannel channel;
        private final StreamObserver<Say> out;
        private final Map<EdgeCounts.Edge, EdgeCounts> told = new HashMap<>();
        private Serving announced = announcement.instance().workload().serving();
        private boolean accepted;

        Stream(ManagedChannel channel) {
            this.channel = channel;
            this.out = ClientCalls.asyncBidiStreamingCall(channel.newCall(Methods.HOLD, CallOptions.DEFAULT), this);
        }

        void say(Say.Builder what) {
            out.onNext(what.build());
        }

        void tellServing() {
            if (!accepted
                    || over
                    || announced.equals(announcement.instance().workload().serving())) return;
            announced = announcement.instance().workload().serving();
            say(Say.newBuilder().setServing(Wires.encode(announced)));
        }

        void shut() {
            dialer.hangUp(channel);
        }

        @Override
        public void onNext(Hear hear) {
            if (!isCurrent()) return;
            switch (hear.getWhatCase()) {
                case ACCEPTED -> {
                    accepted = true;
                    announcement = announcement.by(announcement
                            .claimant()
                            .again()); // what was taken over is ours, until another does the same
                    reconnect.worked();
                    tellServing(); // it may have changed since Register
                    var lease = Duration.ofMillis(hear.getAccepted().getLeaseMillis());
                    beat(lease.dividedBy(3));
                    listener.registered(lease, hear.getAccepted().getVersion());
                }
                case REFUSED -> refused(Wires.decode(hear.getRefused()));
                case BEAT -> heard(hear.getBeat());
                case LEFT -> finish();
                case WHAT_NOT_SET -> {} // of a newer control plane
            }
        }

        @Override
        public void onError(Throwable cause) {
            ended(Failures.problem(Status.fromThrowable(cause)));
        }

        @Override
        public void onCompleted() {
            ended(Failures.problem(Status.UNAVAILABLE.withDescription("it ended the stream")));
        }

        private void heard(Beat beat) {
            if (beat == Beat.REPLACED) {
                over = true;
                finish();
                listener.replaced(XdsCode.OUT_OF_TURN.problem(
                        "another run has taken the name "
                                + announcement.instance().id(),
                        "give each instance a name of its own"));
            } else if (beat != Beat.KEPT) {
                ended(Failures.problem(Status.UNAVAILABLE.withDescription("the lease was over")));
            }
        }

        private void refused(Problem why) {
            over = true;
            finish();
            listener.refused(why);
        }

        private void ended(Problem why) {
            if (!isCurrent()) return;
            shut();
            stream = Optional.empty();
            if (over) {
                finish();
                return;
            }
            listener.lost(why);
            reconnect.later(RegistryClient.this::connect);
        }

        /** Now and at each pause: the first says from which counts on an edge's rates are known. */
        private void beat(Duration pause) {
            if (!isCurrent() || over) return;
            try {
                say(Say.newBuilder().setHeartbeat(heartbeat()));
            } catch (Throwable e) {
                // The lease must outlive a moment without memory: the chain goes on, and the next beat tells all of it.
                told.clear();
                LOG.error("a heartbeat failed; the next one comes in {} ms", pause.toMillis(), e);
            } finally {
                beatLater(pause);
            }
        }

        private void beatLater(Duration pause) {
            try {
                scheduler.schedule(() -> beat(pause), Math.max(1, pause.toMillis()), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException _) { // the sidecar is closing
            }
        }

        /** An edge at rest costs no byte; a new stream is told all of them, since the other end may be new too. */
        private Heartbeat heartbeat() {
            var report = traffic.get();
            var changed = report.edges().stream()
                    .filter(each -> !each.equals(told.put(each.edge(), each)))
                    .toList();
            return Wires.encode(report, changed);
        }

        private boolean isCurrent() {
            return stream.filter(each -> each == this).isPresent();
        }
    }
}
