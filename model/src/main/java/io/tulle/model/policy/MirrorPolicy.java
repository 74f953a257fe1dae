package io.tulle.model.policy;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Copies of requests, sent elsewhere beside the real ones and forgotten: nobody waits for their answers (Istio {@code
 * mirror} and {@code mirrors}, Gateway API RequestMirror, Envoy's request_mirror_policies).
 */
public record MirrorPolicy(List<Mirror> mirrors) implements RoutePolicy {
    public MirrorPolicy {
        mirrors = List.copyOf(mirrors);
    }

    /**
     * One destination of copies.
     *
     * @param share of the requests, each drawn for itself
     * @param marked whether a copy's host ends with {@code -shadow}, as Envoy has it unless told otherwise
     */
    public record Mirror(Towards to, Percentage share, boolean marked) {
        private Optional<Mirror> resolved(Function<Towards.Written, Optional<Towards.Cluster>> clusters) {
            return switch (to) {
                case Towards.Written written -> clusters.apply(written).map(found -> new Mirror(found, share, marked));
                case Towards.Cluster _ -> Optional.of(this);
            };
        }
    }

    @Override
    public RoutePolicy and(RoutePolicy other) {
        if (!(other instanceof MirrorPolicy(var more))) return RoutePolicy.super.and(other);
        return new MirrorPolicy(Stream.concat(mirrors.stream(), more.stream()).toList());
    }

    @Override
    public Stream<Towards> leads() {
        return mirrors.stream().map(Mirror::to);
    }

    /** What does not exist gets no copies: nobody's request fails for that. */
    @Override
    public Optional<RoutePolicy> resolved(Function<Towards.Written, Optional<Towards.Cluster>> clusters) {
        var found = mirrors.stream()
                .flatMap(mirror -> mirror.resolved(clusters).stream())
                .toList();
        return found.isEmpty() ? Optional.empty() : Optional.of(new MirrorPolicy(found));
    }
}
