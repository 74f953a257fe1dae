package io.tulle.model.world;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What the workloads of a namespace, or some of them, may call by name (Istio's Sidecar, its egress hosts). It keeps small what a
 * proxy hears, and is no protection.
 *
 * @param selector the workloads; empty for all that no other scope of the namespace selects
 * @param reaches what they may call
 */
public record Scope(ResourceRef source, Selector selector, List<Reach> reaches, Instant created) {
    public Scope {
        reaches = List.copyOf(reaches);
    }

    /**
     * Destinations of a namespace, or of all.
     *
     * @param namespace empty for all
     * @param host one, {@code *} for all, or {@code *} and the end of many
     */
    public record Reach(Optional<String> namespace, String host) {
        boolean includes(String owner, String other) {
            if (namespace.isPresent() && !namespace.get().equals(owner)) return false;
            if (host.equals("*")) return true;
            return host.startsWith("*") ? other.endsWith(host.substring(1)) : other.equals(host);
        }
    }

    /** @param owner the namespace of what the host means */
    public boolean includes(String owner, String host) {
        return reaches.stream().anyMatch(reach -> reach.includes(owner, host));
    }

    /**
     * The scope of a workload, in Istio's order: one of its namespace that selects it, that of its namespace, that of the root
     * namespace; of several the oldest.
     */
    static Optional<Scope> of(List<Scope> oldestFirst, String root, Workload workload) {
        var own = workload.service().namespace();
        var labels = workload.selectable();
        return first(
                        oldestFirst,
                        scope -> !scope.selector.isEmpty()
                                && scope.source.namespace().equals(own)
                                && scope.selector.selects(labels))
                .or(() -> first(oldestFirst, scope -> scope.isOf(own)))
                .or(() -> first(oldestFirst, scope -> scope.isOf(root)));
    }

    private boolean isOf(String namespace) {
        return selector.isEmpty() && source.namespace().equals(namespace);
    }

    private static Optional<Scope> first(List<Scope> all, Predicate<Scope> wanted) {
        return all.stream().filter(wanted).findFirst();
    }
}
