package io.tulle.xds.server;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tulle.xds.layer.Demand;
import io.tulle.xds.stream.ServerSession;
import io.tulle.xds.stream.SnapshotCache;
import io.tulle.xds.stream.StreamRefused;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One ADS stream on the wire. All of it runs on the connection's event loop: what comes in, what the cache tells, and the
 * moments when the peer can take more. A request is read only after the one before it; responses are made only when they
 * can be written, so that nothing queues for a peer that does not read.
 */
final class DiscoveryStream<Q, R> implements StreamObserver<Q> {
    private static final Logger LOG = LoggerFactory.getLogger(DiscoveryStream.class);

    private final ServerSession<Q, R> session;
    private final ServerCallStreamObserver<R> call;
    private final Peer peer;
    private final Place place;
    private Optional<SnapshotCache.Watch> watch = Optional.empty();
    private Optional<Demand> asked = Optional.empty();
    private boolean over;

    /** Where a stream lives. */
    record Place(SnapshotCache cache, DiscoveryHandler handler, Executor loop, Runnable leave) {}

    DiscoveryStream(ServerSession<Q, R> session, ServerCallStreamObserver<R> call, Peer peer, Place place) {
        this.session = session;
        this.call = call;
        this.peer = peer;
        this.place = place;
        call.disableAutoRequest();
        call.setOnReadyHandler(this::drain);
        call.setOnCancelHandler(this::end);
        call.request(1);
    }

    @Override
    public void onNext(Q request) {
        if (over) return;
        try {
            session.heard(request);
            if (watch.isEmpty() && !admit()) return;
            ask();
        } catch (StreamRefused refused) {
            LOG.warn("stream refused peer={} reason=\"{}\"", peer.address(), refused.reason());
            end();
            call.onError(Refusals.of(refused));
            return;
        }
        drain();
        if (!over) call.request(1);
    }

    @Override
    public void onError(Throwable cause) {
        end();
    }

    @Override
    public void onCompleted() {
        if (over) return;
        end();
        call.onCompleted();
    }

    private void ask() {
        var demand = session.demand();
        if (asked.equals(Optional.of(demand))) return;
        asked = Optional.of(demand);
        watch.ifPresent(each -> each.asks(demand));
    }

    private boolean admit() {
        var node = session.node().orElseThrow();
        var refusal = place.handler().refusal(node, peer);
        if (refusal.isPresent()) {
            LOG.warn(
                    "stream refused peer={} node={} reason=\"{}\"",
                    peer.address(),
                    node,
                    refusal.get().message());
            end();
            call.onError(Refusals.of(refusal.get()));
            return false;
        }
        watch = Optional.of(place.cache().watch(node, () -> place.loop().execute(this::woken)));
        place.cache().newest(node).ifPresent(session::offer);
        return true;
    }

    private void woken() {
        if (over) return;
        session.node().flatMap(place.cache()::newest).ifPresent(session::offer);
        drain();
    }

    private void drain() {
        while (!over && call.isReady()) {
            var next = session.next();
            if (next.isEmpty()) break;
            call.onNext(next.get());
        }
        if (!over) watch.ifPresent(each -> session.settled().ifPresent(each::settled));
    }

    private void end() {
        if (over) return;
        over = true;
        watch.ifPresent(SnapshotCache.Watch::close);
        place.leave().run();
    }
}
