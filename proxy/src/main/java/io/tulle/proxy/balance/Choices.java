package io.tulle.proxy.balance;

import io.tulle.xds.spec.EndpointSpec.Health;
import java.util.HashSet;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which endpoints may be chosen at one moment: healthy ones, and degraded ones for when no healthy one is left. Draining
 * ones get nothing new, ejected ones nothing at all, unless so few are left that ejection is to be disregarded.
 */
final class Choices {
    private final Tier healthy;
    private final Tier degraded;
    private final Pick none;
    private final int madeAt;

    private Choices(Tier healthy, Tier degraded, Pick none, int madeAt) {
        this.healthy = healthy;
        this.degraded = degraded;
        this.none = none;
        this.madeAt = madeAt;
    }

    static Choices among(List<Endpoint> endpoints, int minHealthPercent, int madeAt) {
        var ejected = new HashSet<EndpointState>(); // read once: they change at any moment
        endpoints.stream().map(Endpoint::state).filter(EndpointState::isEjected).forEach(ejected::add);
        var staying = endpoints.stream().filter(Choices::isStaying).count();
        var usable = endpoints.stream()
                .filter(e -> isStaying(e) && !ejected.contains(e.state()))
                .count();
        // Istio's minHealthPercent, Envoy's healthy_panic_threshold: better some failures than all load on the few.
        var panic = usable * 100 < minHealthPercent * staying;
        Predicate<Endpoint> open = panic ? _ -> true : e -> !ejected.contains(e.state());
        return new Choices(
                Tier.of(endpoints, e -> e.spec().health() == Health.HEALTHY && open.test(e)),
                Tier.of(endpoints, e -> e.spec().health() == Health.DEGRADED && open.test(e)),
                new Pick.NoneHealthy(explain(endpoints.size(), staying - usable, endpoints.size() - staying)),
                madeAt);
    }

    private static boolean isStaying(Endpoint endpoint) {
        return endpoint.spec().health() != Health.DRAINING;
    }

    private static String explain(int all, long ejected, long draining) {
        if (all == 0) return "no endpoint is known";
        return all + (all == 1 ? " endpoint" : " endpoints") + ", of which " + ejected + " ejected and " + draining
                + " draining";
    }

    /** The endpoints to choose from; empty when there are none. */
    Tier best() {
        return healthy.isEmpty() ? degraded : healthy;
    }

    /**
     * The same for another attempt: first what was not tried, be it degraded, since for this request an endpoint that
     * just failed it is no better; else what there is, since a second try may yet succeed.
     */
    Tier bestBeyond(List<Endpoint> tried) {
        var fresh = healthy.without(tried);
        if (fresh.isEmpty()) fresh = degraded.without(tried);
        return fresh.isEmpty() ? best() : fresh;
    }

    Pick none() {
        return none;
    }

    int madeAt() {
        return madeAt;
    }
}
