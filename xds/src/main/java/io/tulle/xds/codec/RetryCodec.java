package io.tulle.xds.codec;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate;
import io.tulle.model.policy.RetryPolicy;
import io.tulle.model.policy.RetryPolicy.Condition;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.stream.Collectors;

/** Envoy's route retry policy. What replays POST and PATCH is a fact of the route. */
final class RetryCodec implements RoutePolicyCodec<RetryPolicy> {
    private static final Duration ENVOY_BACKOFF = Duration.ofMillis(25);
    private static final int HOST_TRIES = 5;

    @Override
    public Class<RetryPolicy> kind() {
        return RetryPolicy.class;
    }

    @Override
    public void encode(Optional<RetryPolicy> policy, Writing into) {
        if (policy.isEmpty() || into.forward().isEmpty()) return;
        into.forward().get().setRetryPolicy(retry(policy.get()));
        into.facts().setReplayUnsafeMethods(policy.get().nonIdempotent());
    }

    @Override
    public Optional<RetryPolicy> decode(Source from) {
        var unsafe =
                from.facts().map(facts -> facts.flag("replay_unsafe_methods")).orElse(false);
        return from.forward().flatMap(forward -> forward.child("retry_policy")).map(retry -> decode(retry, unsafe));
    }

    private static io.envoyproxy.envoy.config.route.v3.RetryPolicy retry(RetryPolicy policy) {
        var retry = io.envoyproxy.envoy.config.route.v3.RetryPolicy.newBuilder()
                .setNumRetries(Wellknown.number(policy.attempts()))
                .setRetryOn(
                        policy.on().stream().sorted().map(Condition::written).collect(Collectors.joining(",")))
                .addAllRetriableStatusCodes(policy.statuses());
        policy.perTry().ifPresent(limit -> retry.setPerTryTimeout(Wellknown.duration(limit)));
        if (!policy.backoffBase().equals(ENVOY_BACKOFF)) {
            retry.getRetryBackOffBuilder().setBaseInterval(Wellknown.duration(policy.backoffBase()));
        }
        if (policy.otherHost()) {
            retry.addRetryHostPredicateBuilder()
                    .setName("envoy.retry_host_predicates.previous_hosts")
                    .setTypedConfig(Any.pack(PreviousHostsPredicate.getDefaultInstance()));
            retry.setHostSelectionRetryMaxAttempts(HOST_TRIES);
        }
        return retry.build();
    }

    private static RetryPolicy decode(Node retry, boolean nonIdempotent) {
        retry.ignore("host_selection_retry_max_attempts"); // our balancer knows the hosts that are left
        var on = EnumSet.noneOf(Condition.class);
        for (var written : retry.text("retry_on").split(",")) {
            var condition = written.strip();
            if (condition.isEmpty()) continue;
            on.add(Condition.parse(condition)
                    .orElseThrow(() -> retry.invalid("retry_on", "names an unknown condition: " + condition)));
        }
        var hosts = retry.children("retry_host_predicate");
        for (var host : hosts) {
            host.ignore("name"); // the type says it
            host.any("typed_config", PreviousHostsPredicate.getDefaultInstance());
        }
        var backoff = retry.child("retry_back_off").map(RetryCodec::backoff).orElse(ENVOY_BACKOFF);
        return new RetryPolicy(
                retry.wrapped("num_retries").orElse(1),
                retry.duration("per_try_timeout").filter(limit -> !limit.isZero()),
                on,
                retry.numbers("retriable_status_codes"),
                backoff,
                nonIdempotent,
                !hosts.isEmpty());
    }

    private static Duration backoff(Node backoff) {
        var base = backoff.duration("base_interval").orElse(ENVOY_BACKOFF);
        var max = backoff.duration("max_interval");
        if (max.isPresent() && !max.get().equals(base.multipliedBy(10))) throw backoff.unsupported("max_interval");
        return base;
    }
}
