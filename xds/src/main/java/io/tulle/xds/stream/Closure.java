package io.tulle.xds.stream;

import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.Spec;
import io.tulle.xds.spec.Spec.Ref;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The nearest closed snapshot to what is held. Whoever needs what is not there (refused, or still on its way) gets it
 * from the last snapshot; else stays as it was there; else is left out until it comes.
 *
 * @param gaps who was left out or kept old, and what it lacks
 * @param isHeld whether it is what is held, no more and no less
 */
record Closure(Snapshot snapshot, Set<String> gaps, boolean isHeld) {
    /** Others may refer to these. */
    private static final Set<ResourceType> REFERRED =
            EnumSet.of(ResourceType.SECRET, ResourceType.CLUSTER, ResourceType.ENDPOINTS, ResourceType.ROUTES);

    static Closure of(List<Spec> held, Snapshot last) {
        return new Closing(held, last).close();
    }

    /** The next, if what is held now is closed again; it costs what was touched. Empty where that is not to be seen from the touched alone. */
    Optional<Closure> then(Holdings holdings, Set<Ref> touched) {
        if (!isHeld) return Optional.empty();
        var come = new ArrayList<Spec>();
        var gone = new ArrayList<Ref>();
        for (var ref : touched) holdings.find(ref).ifPresentOrElse(come::add, () -> gone.add(ref));
        if (gone.stream().anyMatch(ref -> REFERRED.contains(ref.type()))) return Optional.empty();
        var now = touched.isEmpty() ? snapshot : snapshot.without(gone).put(come);
        var isClosed = come.stream().flatMap(spec -> spec.references().stream()).allMatch(now::defines);
        return isClosed ? Optional.of(new Closure(now, Set.of(), true)) : Optional.empty();
    }

    private static final class Closing {
        private final Map<Ref, Spec> specs = new HashMap<>();
        private final Set<Ref> settledOld = new HashSet<>();
        private final Set<String> gaps = new TreeSet<>();
        private final Snapshot last;
        private boolean isFilled; // with something that is not held

        Closing(List<Spec> held, Snapshot last) {
            held.forEach(spec -> specs.put(ref(spec), spec));
            this.last = last;
        }

        Closure close() {
            Deque<Spec> open = new ArrayDeque<>(specs.values());
            while (!open.isEmpty()) {
                var spec = open.poll();
                if (!spec.equals(specs.get(ref(spec)))) continue; // replaced meanwhile
                for (var need : spec.references()) {
                    if (specs.containsKey(need)) continue;
                    if (!fill(need, open)) {
                        giveUp(spec, need, open);
                        break;
                    }
                }
            }
            return new Closure(Snapshot.of(specs.values()), gaps, gaps.isEmpty() && !isFilled);
        }

        private boolean fill(Ref need, Deque<Spec> open) {
            var old = old(need);
            if (old.isEmpty() || settledOld.contains(need)) return false;
            specs.put(need, old.get());
            open.add(old.get());
            isFilled = true;
            return true;
        }

        /** Puts the spec's last state in its place, or nothing; whoever needed it is looked at again. */
        private void giveUp(Spec spec, Ref need, Deque<Spec> open) {
            var own = ref(spec);
            gaps.add(spec.name() + " needs " + need.type() + " " + need.name());
            var old = old(own).filter(each -> !each.equals(spec));
            if (old.isPresent() && settledOld.add(own)) {
                specs.put(own, old.get());
                open.add(old.get());
                return;
            }
            settledOld.add(own);
            specs.remove(own);
            specs.values().stream()
                    .filter(each -> each.references().contains(own))
                    .forEach(open::add);
        }

        private Optional<Spec> old(Ref ref) {
            return Optional.ofNullable(last.ofType(ref.type()).get(ref.name()));
        }

        private static Ref ref(Spec spec) {
            ResourceType type = spec.type();
            return new Ref(type, spec.name());
        }
    }
}
