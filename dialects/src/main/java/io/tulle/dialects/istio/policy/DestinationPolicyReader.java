package io.tulle.dialects.istio.policy;

import io.tulle.dialects.field.FieldReader;
import io.tulle.model.policy.DestinationPolicy;
import io.tulle.model.policy.PolicySet;
import java.util.List;
import java.util.Optional;

/** Reads one kind of policy of a TrafficPolicy, which a host, a subset and a port each may have. */
@FunctionalInterface
public interface DestinationPolicyReader {
    /** One line a kind. */
    List<DestinationPolicyReader> ALL =
            List.of(new BalancingReader(), new LimitsReader(), new OutlierReader(), new TlsReader());

    Optional<? extends DestinationPolicy> read(FieldReader policy);

    /** All that it says. */
    static PolicySet<DestinationPolicy> all(FieldReader policy) {
        var all = DestinationPolicy.NONE;
        for (var reader : ALL) all = all.with(reader.read(policy));
        return all;
    }
}
