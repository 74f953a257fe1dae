package io.tulle.proxy.route;

import io.tulle.xds.spec.ActionSpec;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Which cluster an opaque connection goes to: one of its targets by weight, drawn once per connection. */
public final class TcpSplit {
    private final Split<Optional<String>> clusters;

    private TcpSplit(Split<Optional<String>> clusters) {
        this.clusters = clusters;
    }

    public static TcpSplit compile(List<ActionSpec.Target> targets) {
        var legs = targets.stream().filter(leg -> leg.weight() > 0).toList();
        var clusters = legs.stream().map(leg -> Optional.of(leg.cluster())).toList();
        return new TcpSplit(Split.compile(
                clusters, legs.stream().map(ActionSpec.Target::weight).toList()));
    }

    /** A cluster's name; empty when there is no target, or all weights are 0: the connection is closed (flag NR). */
    public Optional<String> draw(RandomGenerator random) {
        return clusters.isEmpty() ? Optional.empty() : clusters.draw(random);
    }
}
