package io.tulle.xds.server;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.tulle.model.Problem;
import io.tulle.xds.XdsCode;
import io.tulle.xds.stream.StreamRefused;

/** Refusals as gRPC statuses; the code leads the description, since a stream that ends has no other place for it. */
final class Refusals {
    private Refusals() {}

    static StatusRuntimeException of(StreamRefused refused) {
        var status = refused.isOverLimit() ? Status.RESOURCE_EXHAUSTED : Status.INVALID_ARGUMENT;
        return status.withDescription(refused.reason()).asRuntimeException();
    }

    static StatusRuntimeException of(Problem problem) {
        return Status.PERMISSION_DENIED
                .withDescription(problem.code() + " " + problem.message())
                .asRuntimeException();
    }

    static StatusRuntimeException nobody() {
        return Status.UNAUTHENTICATED
                .withDescription(XdsCode.NO_IDENTITY.code()
                        + " this needs a leaf of the mesh, or the control plane's Unix socket")
                .asRuntimeException();
    }

    static StatusRuntimeException outOfTurn(String what) {
        return Status.FAILED_PRECONDITION
                .withDescription(XdsCode.OUT_OF_TURN.code() + " " + what)
                .asRuntimeException();
    }
}
