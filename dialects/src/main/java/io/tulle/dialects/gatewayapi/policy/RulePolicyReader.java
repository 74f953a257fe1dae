package io.tulle.dialects.gatewayapi.policy;

import io.tulle.dialects.field.FieldReader;
import io.tulle.model.policy.PolicySet;
import io.tulle.model.policy.RoutePolicy;
import java.util.List;
import java.util.Optional;

/** Reads one kind of policy that an HTTPRoute's rule has a field for. Most are filters: {@link FilterReader}. */
@FunctionalInterface
public interface RulePolicyReader {
    /** One line a kind. */
    List<RulePolicyReader> ALL = List.of(new TimeoutReader(), new RetryReader(), new SessionReader());

    /** @param timeouts the rule's, which several kinds ask */
    Optional<? extends RoutePolicy> read(FieldReader rule, Timeouts timeouts);

    /** All that a rule asks for beside its filters. */
    static PolicySet<RoutePolicy> all(FieldReader rule) {
        var timeouts = Timeouts.of(rule);
        var found = ALL.stream()
                .<RoutePolicy>flatMap(reader -> reader.read(rule, timeouts).stream())
                .toList();
        return new PolicySet<>(RoutePolicy.class, found);
    }
}
