package io.tulle.dialects.istio.policy;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.Durations;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.model.policy.FaultPolicy;
import io.tulle.model.policy.Percentage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Istio's HTTPFaultInjection. A fault without a percentage hits nothing, as in Istio, and that is told. */
final class FaultReader implements RoutePolicyReader {
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

    @Override
    public Optional<FaultPolicy> read(FieldReader route, Context context) {
        return route.object("fault", FaultReader::fault);
    }

    private static FaultPolicy fault(FieldReader fault) {
        if (!fault.has("delay") && !fault.has("abort")) {
            fault.problem(Codes.MISSING, "", "says no fault", "set delay or abort, or remove fault");
        }
        return new FaultPolicy(
                fault.object("delay", FaultReader::delay).flatMap(found -> found),
                fault.object("abort", FaultReader::abort).flatMap(found -> found));
    }

    private static Optional<FaultPolicy.Delay> delay(FieldReader delay) {
        if (!delay.has("fixedDelay") && !delay.has("exponentialDelay")) return nothing(delay, "fixedDelay");
        var by = delay.duration("fixedDelay", Durations.ISTIO).orElse(Duration.ZERO);
        var percent = delay.integer("percent", 0, 100); // deprecated, and still in many files
        return Optional.of(new FaultPolicy.Delay(by, share(delay, percent)));
    }

    /** A fault that does not say which is none, as in Istio; what it says besides is read all the same. */
    private static <T> Optional<T> nothing(FieldReader fault, String field) {
        fault.warning(Codes.NO_EFFECT, "", "does not say which fault, so it hits no request", "set " + field);
        fault.object("percentage", Percents::of);
        if (fault.knows("percent")) fault.integer("percent", 0, 100);
        return Optional.empty();
    }

    private static Optional<FaultPolicy.Abort> abort(FieldReader abort) {
        if (Stream.of("httpStatus", "grpcStatus", "http2Error").noneMatch(abort::has))
            return nothing(abort, "httpStatus");
        var answer = abort.has("http2Error") ? Optional.<FaultPolicy.Answer>empty() : answer(abort);
        return Optional.of(new FaultPolicy.Abort(
                answer.orElse(new FaultPolicy.Answer.Http(503)), share(abort, OptionalInt.empty())));
    }

    private static Optional<FaultPolicy.Answer> answer(FieldReader abort) {
        var which = abort.oneOf("httpStatus", "grpcStatus");
        var status = abort.integer("httpStatus", 200, 599);
        var code = abort.text("grpcStatus").flatMap(name -> grpc(abort, name));
        return which.flatMap(field -> field.equals("httpStatus")
                ? (status.isPresent() ? Optional.of(new FaultPolicy.Answer.Http(status.getAsInt())) : Optional.empty())
                : code.map(FaultPolicy.Answer.Grpc::new));
    }

    /** A gRPC status by name: Istio takes no numbers. */
    private static Optional<Integer> grpc(FieldReader abort, String name) {
        var code = GRPC.indexOf(name);
        if (code >= 0) return Optional.of(code);
        abort.problem(
                Codes.OUT_OF_RANGE,
                "grpcStatus",
                "cannot be '" + name + "'",
                "write one of " + String.join(", ", GRPC));
        return Optional.empty();
    }

    /** @param percent what an older field says, where {@code percentage} does not */
    private static Percentage share(FieldReader fault, OptionalInt percent) {
        if (!fault.has("percentage") && percent.isEmpty()) {
            fault.warning(
                    Codes.NO_EFFECT, "", "has no percentage, so it hits no request", "set percentage: {value: 100}");
        }
        return fault.object("percentage", Percents::of).orElse(Percentage.of(percent.orElse(0)));
    }
}
