package io.tulle.xds.spec;

import io.tulle.xds.spec.Spec.Ref;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** All that one proxy hears at one time: sorted, no two alike in name, and closed: every name used is also defined. */
public record Snapshot(SortedMap<ResourceType, SortedMap<String, Spec>> specs) {
    public static final Snapshot EMPTY = new Snapshot(new TreeMap<>());

    /**
     * @throws IllegalStateException when two specs of a type share a name, or one refers to another that is missing: a
     *     fault of the compiler that made them, never of a user
     */
    public static Snapshot of(Collection<? extends Spec> all) {
        var byType = new TreeMap<ResourceType, SortedMap<String, Spec>>();
        for (var spec : all) {
            var same = byType.computeIfAbsent(spec.type(), _ -> new TreeMap<>());
            if (same.put(spec.name(), spec) != null) {
                throw new IllegalStateException("two " + spec.type() + " specs named " + spec.name());
            }
        }
        var snapshot = new Snapshot(byType);
        snapshot.requireClosed();
        return snapshot;
    }

    public Snapshot {
        var copy = new TreeMap<ResourceType, SortedMap<String, Spec>>();
        specs.forEach((type, byName) -> copy.put(type, Collections.unmodifiableSortedMap(new TreeMap<>(byName))));
        specs = Collections.unmodifiableSortedMap(copy);
    }

    /** The specs of one type by name; empty when there are none. */
    public SortedMap<String, Spec> ofType(ResourceType type) {
        return specs.getOrDefault(type, Collections.emptySortedMap());
    }

    /** The specs of one kind, typed. */
    public <S extends Spec> Map<String, S> all(ResourceType type, Class<S> kind) {
        return ofType(type).values().stream()
                .map(kind::cast)
                .collect(Collectors.toMap(Spec::name, spec -> spec, (a, _) -> a, TreeMap::new));
    }

    private void requireClosed() {
        var missing = new TreeSet<String>();
        specs.values()
                .forEach(byName -> byName.values()
                        .forEach(spec -> spec.references().stream()
                                .filter(ref -> !defines(ref))
                                .forEach(ref -> missing.add(spec.name() + " needs " + ref.type() + " " + ref.name()))));
        if (!missing.isEmpty()) throw new IllegalStateException("a snapshot with gaps: " + missing);
    }

    private boolean defines(Ref ref) {
        return ofType(ref.type()).containsKey(ref.name());
    }
}
