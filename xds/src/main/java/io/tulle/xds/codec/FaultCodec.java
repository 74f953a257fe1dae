package io.tulle.xds.codec;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.extensions.filters.common.fault.v3.FaultDelay;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.FaultAbort;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.tulle.model.policy.FaultPolicy;
import io.tulle.model.policy.FaultPolicy.Abort;
import io.tulle.model.policy.FaultPolicy.Answer;
import io.tulle.model.policy.FaultPolicy.Delay;
import io.tulle.model.policy.Percentage;
import java.util.Optional;

/** Envoy's fault filter, as configured for one route. */
final class FaultCodec implements RoutePolicyCodec<FaultPolicy> {
    /** The filter's name, which is also the key of its per-route configuration. */
    static final String FILTER = "envoy.filters.http.fault";

    @Override
    public Class<FaultPolicy> kind() {
        return FaultPolicy.class;
    }

    @Override
    public void encode(Optional<FaultPolicy> policy, Writing into) {
        policy.ifPresent(fault -> into.route().putTypedPerFilterConfig(FILTER, Any.pack(fault(fault))));
    }

    @Override
    public Optional<FaultPolicy> decode(Source from) {
        return from.route()
                .anyOfMap("typed_per_filter_config", FILTER, FILTERS, HTTPFault.getDefaultInstance())
                .map(fault -> new FaultPolicy(
                        fault.child("delay").map(FaultCodec::delay),
                        fault.child("abort").map(FaultCodec::decodeAbort)));
    }

    private static HTTPFault fault(FaultPolicy policy) {
        var fault = HTTPFault.newBuilder();
        policy.delay()
                .ifPresent(delay -> fault.setDelay(FaultDelay.newBuilder()
                        .setFixedDelay(Wellknown.duration(delay.by()))
                        .setPercentage(Wellknown.share(delay.share()))));
        policy.abort().ifPresent(abort -> fault.setAbort(abort(abort)));
        return fault.build();
    }

    private static FaultAbort.Builder abort(Abort abort) {
        var fault = FaultAbort.newBuilder().setPercentage(Wellknown.share(abort.share()));
        return switch (abort.answer()) {
            case Answer.Http(var status) -> fault.setHttpStatus(status);
            case Answer.Grpc(var code) -> fault.setGrpcStatus(code);
        };
    }

    private static Delay delay(Node delay) {
        var by = delay.duration("fixed_delay").orElseThrow(() -> delay.invalid("fixed_delay", "is missing"));
        return new Delay(by, share(delay));
    }

    private static Abort decodeAbort(Node abort) {
        var answer = switch (abort.which("error_type")) {
            case "http_status" -> new Answer.Http(abort.number("http_status"));
            case "grpc_status" -> new Answer.Grpc(abort.number("grpc_status"));
            case "" -> throw abort.invalid("error_type", "is missing");
            case String other -> throw abort.unsupported(other);
        };
        return new Abort(answer, share(abort));
    }

    private static Percentage share(Node part) {
        return part.child("percentage").map(Wellknown::share).orElse(new Percentage(0)); // Envoy: unset is none
    }
}
