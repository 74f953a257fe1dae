package io.tulle.xds.server;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.tulle.xds.Reply;
import io.tulle.xds.join.Issued;
import io.tulle.xds.join.JoinAsk;
import io.tulle.xds.join.RenewAsk;
import io.tulle.xds.wire.Methods;
import io.tulle.xds.wire.Wires;
import io.tulle.xds.wire.join.JoinReply;
import io.tulle.xds.wire.join.JoinRequest;
import io.tulle.xds.wire.join.RenewRequest;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code tulle.join.v1}. */
final class JoinService implements BindableService {
    private static final Logger LOG = LoggerFactory.getLogger(JoinService.class);
    private final JoinHandler handler;
    private final Executor threads;

    JoinService(JoinHandler handler, Executor threads) {
        this.handler = handler;
        this.threads = threads;
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ServerServiceDefinition.builder(Methods.JOIN_SERVICE)
                .addMethod(Methods.JOIN, ServerCalls.asyncUnaryCall(this::join))
                .addMethod(Methods.RENEW, ServerCalls.asyncUnaryCall(this::renew))
                .build();
    }

    private void join(JoinRequest request, StreamObserver<JoinReply> out) {
        var peer = Peer.of(ServiceRequestContext.current());
        var token = Optional.of(request.getToken()).filter(text -> !text.isEmpty());
        if (token.isEmpty() && peer.user().isEmpty()) throw Refusals.nobody();
        var ask = new JoinAsk(
                token,
                request.getInstance(),
                request.getNamespace(),
                request.getAccount(),
                request.getCsr(),
                request.getVersion());
        answer(() -> handler.join(ask, peer), out);
    }

    private void renew(RenewRequest request, StreamObserver<JoinReply> out) {
        var peer = Peer.of(ServiceRequestContext.current());
        if (peer.identity().isEmpty()) throw Refusals.nobody();
        var ask = new RenewAsk(request.getInstance(), request.getCsr(), request.getVersion());
        answer(() -> handler.renew(ask, peer), out);
    }

    private void answer(Supplier<Reply<Issued>> decide, StreamObserver<JoinReply> out) {
        threads.execute(() -> {
            try {
                var reply = JoinReply.newBuilder();
                switch (decide.get()) {
                    case Reply.Granted<Issued>(var issued) -> reply.setCredentials(Wires.encode(issued));
                    case Reply.Refused<Issued>(var problem) -> reply.setRefused(Wires.encode(problem));
                }
                out.onNext(reply.build());
                out.onCompleted();
            } catch (RuntimeException e) {
                LOG.error("a join ended in an error; nothing was granted", e);
                out.onError(Status.INTERNAL.asRuntimeException());
            }
        });
    }
}
