package io.tulle.proxy.route;

import io.tulle.proxy.resilience.RetryRules;
import io.tulle.xds.spec.RouteSpec;
import java.time.Duration;
import java.util.Optional;

/**
 * What holds for every request of one route, whichever match and target it took.
 *
 * @param name what log, metrics and explanations call it
 * @param timeout for the whole exchange, retries and back-off included; empty is no limit
 */
public record Route(String name, Optional<Duration> timeout, RetryRules retries, FaultPlan faults) {
    static Route compile(RouteSpec spec) {
        // A timeout of zero is Envoy's and Gateway API's way to say none.
        var timeout = spec.timeout().filter(t -> !t.isZero());
        return new Route(spec.name(), timeout, RetryRules.compile(spec.retry()), FaultPlan.compile(spec.fault()));
    }
}
