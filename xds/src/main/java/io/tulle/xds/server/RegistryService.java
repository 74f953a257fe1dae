package io.tulle.xds.server;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.tulle.xds.stream.StreamRefused;
import io.tulle.xds.wire.Methods;
import io.tulle.xds.wire.holding.EndNoted;
import io.tulle.xds.wire.holding.EndOfRun;
import io.tulle.xds.wire.holding.Hear;
import io.tulle.xds.wire.holding.Say;
import java.util.concurrent.Executor;

/** {@code tulle.registry.v1}. */
final class RegistryService implements BindableService {
    private final RegistryHandler handler;
    private final Tally tally;
    private final Executor threads;
    private final String version;

    RegistryService(RegistryHandler handler, Tally tally, Executor threads, String version) {
        this.handler = handler;
        this.tally = tally;
        this.threads = threads;
        this.version = version;
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ServerServiceDefinition.builder(Methods.REGISTRY_SERVICE)
                .addMethod(Methods.HOLD, ServerCalls.asyncBidiStreamingCall(this::hold))
                .addMethod(Methods.REPORT_END, ServerCalls.asyncUnaryCall(this::ended))
                .build();
    }

    private void ended(EndOfRun said, StreamObserver<EndNoted> out) {
        threads.execute(() -> {
            handler.ended(said.getInstance(), said.getRun());
            out.onNext(EndNoted.getDefaultInstance());
            out.onCompleted();
        });
    }

    private StreamObserver<Say> hold(StreamObserver<Hear> out) {
        var peer = Peer.of(ServiceRequestContext.current());
        if (!peer.isKnown()) throw Refusals.nobody();
        try {
            var leave = tally.take(peer);
            return new HoldStream(handler, peer, (ServerCallStreamObserver<Hear>) out, threads, leave, version);
        } catch (StreamRefused refused) {
            throw Refusals.of(refused);
        }
    }
}
