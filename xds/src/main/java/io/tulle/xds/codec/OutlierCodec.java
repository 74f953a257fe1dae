package io.tulle.xds.codec;

import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.cluster.v3.OutlierDetection;
import io.envoyproxy.envoy.type.v3.Percent;
import io.tulle.model.policy.OutlierPolicy;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** Envoy's outlier detection, and the panic threshold, where unset is 50 %. */
final class OutlierCodec implements DestinationPolicyCodec<OutlierPolicy> {
    private static final int ENVOY_PANIC = 50;
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    @Override
    public Class<OutlierPolicy> kind() {
        return OutlierPolicy.class;
    }

    @Override
    public void encode(Optional<OutlierPolicy> policy, Writing into) {
        var panic = policy.map(OutlierPolicy::minHealthPercent).orElse(0);
        into.cluster()
                .getCommonLbConfigBuilder()
                .setHealthyPanicThreshold(Percent.newBuilder().setValue(panic));
        policy.ifPresent(outliers -> into.cluster().setOutlierDetection(outliers(outliers)));
    }

    @Override
    public Optional<OutlierPolicy> decode(Source from) {
        return outliers(from.cluster());
    }

    private static OutlierDetection outliers(OutlierPolicy policy) {
        var outliers = OutlierDetection.newBuilder()
                .setSplitExternalLocalOriginErrors(policy.splitLocalErrors())
                .setInterval(Wellknown.duration(policy.interval()))
                .setBaseEjectionTime(Wellknown.duration(policy.baseEjection()))
                .setMaxEjectionPercent(Wellknown.number(policy.maxEjectionPercent()))
                .setEnforcingSuccessRate(Wellknown.number(0)); // on in Envoy unless said, as nobody here asked for
        policy.consecutive5xx()
                .ifPresent(count -> outliers.setConsecutive5Xx(Wellknown.number(count))
                        .setEnforcingConsecutive5Xx(enforced(policy.consecutive5xx())));
        policy.consecutiveGateway()
                .ifPresent(count -> outliers.setConsecutiveGatewayFailure(Wellknown.number(count))
                        .setEnforcingConsecutiveGatewayFailure(enforced(policy.consecutiveGateway())));
        policy.consecutiveLocal()
                .ifPresent(count -> outliers.setConsecutiveLocalOriginFailure(Wellknown.number(count))
                        .setEnforcingConsecutiveLocalOriginFailure(enforced(policy.consecutiveLocal())));
        return outliers.build();
    }

    private static UInt32Value enforced(OptionalInt count) {
        return Wellknown.number(count.orElse(0) == 0 ? 0 : 100);
    }

    private static Optional<OutlierPolicy> outliers(Node cluster) {
        var panic = cluster.child("common_lb_config")
                .flatMap(common -> common.child("healthy_panic_threshold"))
                .map(percent -> (int) percent.real("value"))
                .orElse(ENVOY_PANIC);
        return cluster.child("outlier_detection").map(outliers -> {
            // how likely an ejection is, is all or nothing here; success rates are not counted
            outliers.ignore("enforcing_success_rate", "max_ejection_time");
            return new OutlierPolicy(
                    count(outliers, "consecutive_5xx", "enforcing_consecutive_5xx"),
                    count(outliers, "consecutive_gateway_failure", "enforcing_consecutive_gateway_failure"),
                    count(outliers, "consecutive_local_origin_failure", "enforcing_consecutive_local_origin_failure"),
                    outliers.flag("split_external_local_origin_errors"),
                    outliers.duration("interval").orElse(TEN_SECONDS),
                    outliers.duration("base_ejection_time").orElse(TEN_SECONDS.multipliedBy(3)),
                    outliers.wrapped("max_ejection_percent").orElse(10),
                    panic);
        });
    }

    /** An unenforced counter is off. */
    private static OptionalInt count(Node outliers, String field, String enforcing) {
        var count = outliers.wrapped(field);
        var enforced = outliers.wrapped(enforcing);
        return enforced.isPresent() && enforced.getAsInt() == 0 ? OptionalInt.of(0) : count;
    }
}
