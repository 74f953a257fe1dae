package io.tulle.dialects.istio.policy;

import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.model.policy.PolicySet;
import io.tulle.model.policy.RoutePolicy;
import java.util.List;
import java.util.Optional;

/** Reads one kind of policy of an HTTPRoute of a VirtualService, with the fields that say it. */
@FunctionalInterface
public interface RoutePolicyReader {
    /** One line a kind. */
    List<RoutePolicyReader> ALL = List.of(
            new TimeoutReader(),
            new RetryReader(),
            new FaultReader(),
            new HeaderReader(),
            new MirrorReader(),
            new CorsReader());

    Optional<? extends RoutePolicy> read(FieldReader route, Context context);

    /** All that a route asks for. */
    static PolicySet<RoutePolicy> all(FieldReader route, Context context) {
        var found = ALL.stream()
                .<RoutePolicy>flatMap(reader -> reader.read(route, context).stream())
                .toList();
        return new PolicySet<>(RoutePolicy.class, found);
    }
}
