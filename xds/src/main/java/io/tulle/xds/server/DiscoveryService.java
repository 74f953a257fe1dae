package io.tulle.xds.server;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tulle.xds.stream.DeltaSession;
import io.tulle.xds.stream.Limits;
import io.tulle.xds.stream.ServerSession;
import io.tulle.xds.stream.SnapshotCache;
import io.tulle.xds.stream.SotwSession;
import io.tulle.xds.stream.StreamRefused;

/** ADS in both forms, for those who have shown who they are. */
final class DiscoveryService extends AggregatedDiscoveryServiceImplBase {
    private final SnapshotCache cache;
    private final DiscoveryHandler handler;
    private final Limits limits;
    private final Tally tally;

    DiscoveryService(SnapshotCache cache, DiscoveryHandler handler, Limits limits, Tally tally) {
        this.cache = cache;
        this.handler = handler;
        this.limits = limits;
        this.tally = tally;
    }

    @Override
    public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(StreamObserver<DeltaDiscoveryResponse> out) {
        return open(new DeltaSession(limits), out);
    }

    @Override
    public StreamObserver<DiscoveryRequest> streamAggregatedResources(StreamObserver<DiscoveryResponse> out) {
        return open(new SotwSession(limits), out);
    }

    private <Q, R> StreamObserver<Q> open(ServerSession<Q, R> session, StreamObserver<R> out) {
        var context = ServiceRequestContext.current();
        var peer = Peer.of(context);
        if (!peer.isKnown()) throw Refusals.nobody();
        try {
            var place = new DiscoveryStream.Place(cache, handler, context.eventLoop(), tally.take(peer));
            return new DiscoveryStream<>(session, (ServerCallStreamObserver<R>) out, peer, place);
        } catch (StreamRefused refused) {
            throw Refusals.of(refused);
        }
    }
}
