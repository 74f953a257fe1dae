package io.tulle.xds.client;

import io.grpc.CallOptions;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.tulle.model.Problem;
import io.tulle.xds.wire.Methods;
import io.tulle.xds.wire.holding.EndOfRun;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Tells a control plane that a run was killed, in the place of its sidecar. */
public final class EndClient {
    private EndClient() {}

    /**
     * Waits for a control plane that is away as well.
     *
     * @param run its number, which it drew when it began
     * @return empty when it was heard
     */
    public static Optional<Problem> report(Dialer dialer, String instance, String run, Duration patience) {
        var channel = dialer.dial(Runnable::run);
        try {
            var options = CallOptions.DEFAULT
                    .withWaitForReady()
                    .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS);
            var said = EndOfRun.newBuilder().setInstance(instance).setRun(run).build();
            ClientCalls.blockingUnaryCall(channel, Methods.REPORT_END, options, said);
            return Optional.empty();
        } catch (StatusRuntimeException e) {
            return Optional.of(Failures.problem(e.getStatus()));
        } finally {
            dialer.hangUp(channel);
        }
    }
}
