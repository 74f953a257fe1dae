package io.tulle.xds.server;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tulle.model.SpiffeId;
import io.tulle.model.world.Serving;
import io.tulle.xds.Reply;
import io.tulle.xds.registry.Announcement;
import io.tulle.xds.registry.TrafficReport;
import io.tulle.xds.server.RegistryHandler.Holding;
import io.tulle.xds.wire.RegisterReader;
import io.tulle.xds.wire.Wires;
import io.tulle.xds.wire.holding.Accepted;
import io.tulle.xds.wire.holding.Beat;
import io.tulle.xds.wire.holding.Hear;
import io.tulle.xds.wire.holding.Left;
import io.tulle.xds.wire.holding.Register;
import io.tulle.xds.wire.holding.Say;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One instance's registration: Register, heartbeats, Leave. A message is read only after the one before is answered. */
final class HoldStream implements StreamObserver<Say> {
    private static final Logger LOG = LoggerFactory.getLogger(HoldStream.class);

    private final RegistryHandler handler;
    private final Peer peer;
    private final ServerCallStreamObserver<Hear> call;
    private final Executor threads;
    private final Runnable leave;
    private final String version;

    // Guarded by this.
    private Optional<Holding> holding = Optional.empty();
    private boolean over;

    HoldStream(
            RegistryHandler handler,
            Peer peer,
            ServerCallStreamObserver<Hear> call,
            Executor threads,
            Runnable leave,
            String version) {
        this.handler = handler;
        this.peer = peer;
        this.call = call;
        this.threads = threads;
        this.leave = leave;
        this.version = version;
        call.disableAutoRequest();
        call.setOnCancelHandler(this::lost);
        call.request(1);
    }

    @Override
    public void onNext(Say say) {
        threads.execute(() -> hear(say));
    }

    @Override
    public void onError(Throwable cause) {
        lost();
    }

    @Override
    public void onCompleted() {
        lost();
    }

    private synchronized void hear(Say say) {
        if (over) return;
        try {
            switch (say.getWhatCase()) {
                case REGISTER -> register(say.getRegister());
                case HEARTBEAT -> heartbeat(Wires.decode(say.getHeartbeat()));
                case SERVING -> serving(Wires.decode(say.getServing()));
                case LEAVE -> leave();
                case WHAT_NOT_SET -> fail(Refusals.outOfTurn("an empty message"));
            }
            if (!over) call.request(1);
        } catch (RuntimeException e) {
            LOG.error("a registration ended in an error peer={}", peer.address(), e);
            fail(Status.INTERNAL.asRuntimeException());
        }
    }

    private void register(Register register) {
        if (holding.isPresent()) {
            fail(Refusals.outOfTurn("a stream registers once"));
            return;
        }
        switch (answer(register)) {
            case Reply.Granted<Holding>(var granted) -> {
                holding = Optional.of(granted);
                var accepted = Accepted.newBuilder()
                        .setLeaseMillis((int)
                                Math.min(Integer.MAX_VALUE, granted.lease().toMillis()))
                        .setVersion(version);
                call.onNext(Hear.newBuilder().setAccepted(accepted).build());
            }
            case Reply.Refused<Holding>(var problem) -> {
                call.onNext(Hear.newBuilder().setRefused(Wires.encode(problem)).build());
                finish();
            }
        }
    }

    private Reply<Holding> answer(Register register) {
        return switch (RegisterReader.read(register)) {
            case Reply.Granted<Announcement>(var announcement) -> handler.register(announcement, peer);
            case Reply.Refused<Announcement>(var problem) -> {
                LOG.warn(
                        "refused id={} code={} message=\"{}\"",
                        peer.identity().map(SpiffeId::uri).orElse(""),
                        problem.code(),
                        problem.message());
                yield new Reply.Refused<>(problem);
            }
        };
    }

    private void heartbeat(TrafficReport report) {
        if (holding.isEmpty()) {
            fail(Refusals.outOfTurn("a heartbeat before Register"));
            return;
        }
        var beat = switch (holding.get().heartbeat(report)) {
            case KEPT -> Beat.KEPT;
            case GONE -> Beat.GONE;
            case REPLACED -> Beat.REPLACED;
        };
        call.onNext(Hear.newBuilder().setBeat(beat).build());
        if (beat != Beat.KEPT) finish();
    }

    private void serving(Serving now) {
        if (holding.isEmpty()) fail(Refusals.outOfTurn("ports before Register"));
        else holding.get().serving(now);
    }

    private void leave() {
        if (holding.isEmpty()) {
            fail(Refusals.outOfTurn("Leave before Register"));
            return;
        }
        var left = holding.get();
        holding = Optional.empty();
        left.leave();
        call.onNext(Hear.newBuilder().setLeft(Left.getDefaultInstance()).build());
        finish();
    }

    private void fail(RuntimeException status) {
        end();
        call.onError(status);
    }

    private void finish() {
        end();
        call.onCompleted();
    }

    /** On an event loop, which must not wait for a handler. */
    private void lost() {
        threads.execute(this::end);
    }

    private synchronized void end() {
        if (over) return;
        over = true;
        leave.run();
        holding.ifPresent(Holding::lost);
        holding = Optional.empty();
    }
}
