package io.tulle.launch.up;

import io.tulle.launch.up.Instance.Phase;
import io.tulle.launch.up.Launch.Need;
import java.util.List;

/** Who waits for whom, asked of instances as they are now. */
record Waits(List<Instance> instances) {
    Waits {
        instances = List.copyOf(instances);
    }

    boolean mayStart(Instance instance) {
        return instance.launch().needs().stream().allMatch(this::isMet);
    }

    /** Whether a need of the instance can never be met any more. */
    boolean isHopeless(Instance instance) {
        return instance.launch().needs().stream()
                .anyMatch(need -> replicas(need.entry()).stream().anyMatch(other -> switch (need.condition()) {
                    case STARTED -> false;
                    case HEALTHY -> other.phase() == Phase.ENDED;
                    case COMPLETED -> other.phase() == Phase.ENDED && !other.hasSucceeded();
                }));
    }

    /** Whether nothing that still runs depends on it. */
    boolean mayStop(Instance instance) {
        var entry = instance.launch().entry();
        return instances.stream()
                .filter(other -> other.phase() != Phase.ENDED)
                .noneMatch(other -> other.launch().needs().stream()
                        .anyMatch(need -> need.entry().equals(entry)));
    }

    private boolean isMet(Need need) {
        return replicas(need.entry()).stream().allMatch(other -> switch (need.condition()) {
            case STARTED -> other.hasStarted();
            case HEALTHY -> other.phase() == Phase.WELL;
            case COMPLETED -> other.hasSucceeded();
        });
    }

    private List<Instance> replicas(String entry) {
        return instances.stream()
                .filter(one -> one.launch().entry().equals(entry))
                .toList();
    }
}
