package io.tulle.proxy.balance;

import io.tulle.xds.spec.EndpointSpec.Health;
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
        var staying = endpoints.stream()
                .filter(e -> e.spec().health() != Health.DRAINING)
                .toList();
        var usable = staying.stream().filter(e -> !e.state().isEjected()).toList();
        // Istio's minHealthPercent, Envoy's healthy_panic_threshold: better some failures than all load on the few.
        var panic = usable.size() * 100L < (long) minHealthPercent * staying.size();
        var open = panic ? staying : usable;
        return new Choices(
                tier(open, e -> e.spec().health() == Health.HEALTHY),
                tier(open, e -> e.spec().health() == Health.DEGRADED),
                new Pick.NoneHealthy(
                        explain(endpoints.size(), staying.size() - usable.size(), endpoints.size() - staying.size())),
                madeAt);
    }

    private static Tier tier(List<Endpoint> endpoints, Predicate<Endpoint> belongs) {
        return Tier.of(endpoints.stream().filter(belongs).toList());
    }

    private static String explain(int all, int ejected, int draining) {
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
