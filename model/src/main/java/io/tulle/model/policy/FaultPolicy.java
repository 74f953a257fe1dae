package io.tulle.model.policy;

import java.time.Duration;
import java.util.Optional;

/** Faults that the mesh makes on purpose, before a request leaves the caller's sidecar (Istio's HTTPFaultInjection). */
public record FaultPolicy(Optional<Delay> delay, Optional<Abort> abort) implements RoutePolicy {
    /** Holds a request back before it goes on. */
    public record Delay(Duration by, Percentage share) {}

    /** Answers in the application's place; the application never sees the request. */
    public record Abort(Answer answer, Percentage share) {}

    public sealed interface Answer {
        /** An HTTP status, 200 to 599. */
        record Http(int status) implements Answer {
            public Http {
                if (status < 200 || status > 599) throw new IllegalArgumentException("no such status: " + status);
            }
        }

        /** A gRPC status code, 0 to 16. */
        record Grpc(int code) implements Answer {
            public Grpc {
                if (code < 0 || code > 16) throw new IllegalArgumentException("no such gRPC status: " + code);
            }
        }
    }
}
