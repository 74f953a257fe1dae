package io.tulle.xds.client;

import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.tulle.xds.Reply;
import io.tulle.xds.XdsCode;
import io.tulle.xds.join.Issued;
import io.tulle.xds.join.JoinAsk;
import io.tulle.xds.join.RenewAsk;
import io.tulle.xds.wire.Methods;
import io.tulle.xds.wire.Wires;
import io.tulle.xds.wire.join.JoinReply;
import io.tulle.xds.wire.join.JoinRequest;
import io.tulle.xds.wire.join.RenewRequest;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Joins and renews. Each call blocks until it is answered, or {@code patience} is over. */
public final class JoinClient {
    private final Dialer dialer;
    private final Duration patience;

    public JoinClient(Dialer dialer, Duration patience) {
        this.dialer = dialer;
        this.patience = patience;
    }

    public Reply<Issued> join(JoinAsk ask) {
        return call(
                Methods.JOIN,
                JoinRequest.newBuilder()
                        .setToken(ask.token().orElse(""))
                        .setInstance(ask.instance())
                        .setNamespace(ask.namespace())
                        .setAccount(ask.account())
                        .setCsr(ask.csr())
                        .setVersion(ask.version())
                        .build());
    }

    public Reply<Issued> renew(RenewAsk ask) {
        return call(
                Methods.RENEW,
                RenewRequest.newBuilder()
                        .setInstance(ask.instance())
                        .setCsr(ask.csr())
                        .setVersion(ask.version())
                        .build());
    }

    private <Q> Reply<Issued> call(MethodDescriptor<Q, JoinReply> method, Q request) {
        var channel = dialer.dial(Runnable::run);
        try {
            var options = CallOptions.DEFAULT.withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS);
            var reply = ClientCalls.blockingUnaryCall(channel, method, options, request);
            return switch (reply.getWhatCase()) {
                case CREDENTIALS -> new Reply.Granted<>(Wires.decode(reply.getCredentials()));
                case REFUSED -> new Reply.Refused<>(Wires.decode(reply.getRefused()));
                case WHAT_NOT_SET ->
                    new Reply.Refused<>(
                            XdsCode.MALFORMED.problem("the control plane's answer is empty", "look at its version"));
            };
        } catch (StatusRuntimeException e) {
            return new Reply.Refused<>(Failures.problem(e.getStatus()));
        } finally {
            dialer.hangUp(channel);
        }
    }
}
