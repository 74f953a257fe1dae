package io.tulle.dialects.istio;

import io.tulle.dialects.Codes;
import io.tulle.dialects.field.Durations;
import io.tulle.dialects.field.FieldReader;
import io.tulle.model.policy.FaultPolicy;
import io.tulle.model.policy.Percentage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Istio's HTTPFaultInjection. A fault without a percentage hits nothing, as in Istio, and that is told. */
final class Faults {
    private static final List<String> GRPC = List.of(
            "OK",
            "CANCELLED",
            "UNKNOWN",
            "INVALID_ARGUMENT",
            "DEADLINE_EXCEEDED",
            "NOT_FOUND",
            "ALREADY_EXISTS",
            "PERMISSION_DENIED",
            "RESOURCE_EXHAUSTED",
            "FAILED_PRECONDITION",
            "ABORTED",
            "OUT_OF_RANGE",
            "UNIMPLEMENTED",
            "INTERNAL",
            "UNAVAILABLE",
            "DATA_LOSS",
            "UNAUTHENTICATED");

    private Faults() {}

    static FaultPolicy of(FieldReader fault) {
        return new FaultPolicy(fault.object("delay", Faults::delay), fault.object("abort", Faults::abort));
    }

    private static FaultPolicy.Delay delay(FieldReader delay) {
        if (!delay.has("fixedDelay") && !delay.has("exponentialDelay")) delay.missing("fixedDelay");
        var by = delay.duration("fixedDelay", Durations.GO).orElse(Duration.ZERO);
        return new FaultPolicy.Delay(by, share(delay));
    }

    private static FaultPolicy.Abort abort(FieldReader abort) {
        var answer = abort.has("http2Error") ? Optional.<FaultPolicy.Answer>empty() : answer(abort);
        return new FaultPolicy.Abort(answer.orElse(new FaultPolicy.Answer.Http(503)), share(abort));
    }

    private static Optional<FaultPolicy.Answer> answer(FieldReader abort) {
        var which = abort.oneOf("httpStatus", "grpcStatus");
        var status = abort.integer("httpStatus", 200, 599);
        var code = abort.text("grpcStatus").flatMap(name -> grpc(abort, name));
        return which.flatMap(field -> field.equals("httpStatus")
                ? (status.isPresent() ? Optional.of(new FaultPolicy.Answer.Http(status.getAsInt())) : Optional.empty())
                : code.map(FaultPolicy.Answer.Grpc::new));
    }

    /** A gRPC status by name or number. */
    private static Optional<Integer> grpc(FieldReader abort, String name) {
        var code = name.matches("[0-9]|1[0-6]") ? Integer.parseInt(name) : GRPC.indexOf(name);
        if (code >= 0) return Optional.of(code);
        abort.problem(
                Codes.OUT_OF_RANGE,
                "grpcStatus",
                "cannot be '" + name + "'",
                "write one of " + String.join(", ", GRPC));
        return Optional.empty();
    }

    private static Percentage share(FieldReader fault) {
        if (!fault.has("percentage") && !fault.has("percent")) {
            fault.warning(
                    Codes.NO_EFFECT, "", "has no percentage, so it hits no request", "set percentage: {value: 100}");
        }
        return fault.object(
                        "percentage",
                        p -> Percentage.of(p.number("value", 0, 100).orElse(0.0)))
                .orElse(new Percentage(0));
    }
}
