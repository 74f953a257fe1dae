package io.tulle.proxy.observe;

import io.prometheus.metrics.model.snapshots.Label;
import io.prometheus.metrics.model.snapshots.Labels;
import io.tulle.xds.spec.PeerSpec;
import java.util.Map;
import java.util.Optional;

/**
 * Labels as far as they are known when something is counted. A peer that was never met before is counted at once, and
 * shown when the mesh has said who it is.
 *
 * @param awaited the instance that is asked for; empty when nothing is missing
 * @param end {@code source} or {@code destination}: which end of the call that is
 */
record Naming(Labels labels, String awaited, String end) {
    static Naming complete(Labels labels) {
        return new Naming(labels, "", "");
    }

    boolean isComplete() {
        return awaited.isEmpty();
    }

    /** The labels with what the mesh says of the peer; what it proved by itself stays. */
    Labels with(PeerSpec peer) {
        var party = Party.of(Optional.of(peer), Optional.empty(), "");
        var told = Map.of(
                end + "_workload", party.workload(),
                end + "_workload_namespace", party.namespace(),
                end + "_app", party.app(),
                end + "_version", party.version(),
                end + "_canonical_service", party.canonicalService(),
                end + "_canonical_revision", party.canonicalRevision());
        var names = labels.stream().map(Label::getName).toList();
        var values = labels.stream()
                .map(label -> Optional.ofNullable(told.get(label.getName())).orElse(label.getValue()))
                .toList();
        return Labels.of(names, values);
    }
}
