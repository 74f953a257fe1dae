package io.tulle.dialects.istio.policy;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.Durations;
import io.tulle.dialects.field.FieldReader;
import io.tulle.model.policy.OutlierPolicy;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code outlierDetection}. */
final class OutlierReader implements DestinationPolicyReader {
    /** Istio's consecutive5xxErrors, where outlierDetection does not say. */
    private static final int CONSECUTIVE_5XX = 5;

    @Override
    public Optional<OutlierPolicy> read(FieldReader policy) {
        return policy.object("outlierDetection", OutlierReader::outliers);
    }

    private static OutlierPolicy outliers(FieldReader outliers) {
        var most = Integer.MAX_VALUE;
        var share = outliers.integer("maxEjectionPercent", 0, 100);
        var local = outliers.integer("consecutiveLocalOriginFailures", 0, most);
        var split = outliers.flag("splitExternalLocalOriginErrors");
        if (local.orElse(0) > 0 && !split) {
            outliers.problem(
                    Codes.MISSING,
                    "splitExternalLocalOriginErrors",
                    "is not true, and without it local failures are not counted apart",
                    "set splitExternalLocalOriginErrors: true, or remove consecutiveLocalOriginFailures");
        }
        if (outliers.integer("consecutiveErrors", 0, most).orElse(0) > 0) {
            outliers.warning(
                    Codes.NOT_ACTED_ON,
                    "consecutiveErrors",
                    "counts nothing, here as in Istio, which replaced it",
                    "write consecutive5xxErrors or consecutiveGatewayErrors");
        }
        return new OutlierPolicy(
                OptionalInt.of(outliers.integer("consecutive5xxErrors", 0, most).orElse(CONSECUTIVE_5XX)),
                outliers.integer("consecutiveGatewayErrors", 0, most),
                local,
                split,
                outliers.duration("interval", Durations.ISTIO).orElse(Duration.ofSeconds(10)),
                outliers.duration("baseEjectionTime", Durations.ISTIO).orElse(Duration.ofSeconds(30)),
                share.orElse(10),
                outliers.integer("minHealthPercent", 0, 100).orElse(0));
    }
}
