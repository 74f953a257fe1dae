package io.tulle.compile;

import io.tulle.model.world.Service;
import io.tulle.model.world.Workload;
import java.util.SortedMap;

/**
 * Which instances stand behind a service: those that its selector chooses, where it has one, else those that name it. A
 * selector sees only labels that an instance's credential covers; the name was held against it when the instance came.
 */
public final class Members {
    private Members() {}

    /** Whether a workload stands behind a declared service. */
    public static boolean has(Service service, Workload workload) {
        return has(service, workload, workload.proven());
    }

    /** The same where the labels that its credential covers are known. */
    static boolean has(Service service, Workload workload, SortedMap<String, String> labels) {
        var chosen = service.selector().filter(selector -> !selector.isEmpty());
        if (chosen.isEmpty()) return workload.service().equals(service.name());
        return chosen.get().selects(labels)
                && service.name().namespace().equals(workload.service().namespace());
    }
}
