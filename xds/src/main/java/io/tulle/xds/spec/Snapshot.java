package io.tulle.xds.spec;

import io.tulle.model.shared.SharedMap;
import io.tulle.xds.spec.Spec.Ref;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * All that one proxy hears at one time: by type and name, in the order of names, no two alike in name, and closed: every name used is
 * also defined. What is made of it by a change shares all that did not change, so that the two are told apart for what they differ in.
 */
public record Snapshot(Map<ResourceType, SharedMap<String, Spec>> specs) {
    public static final Snapshot EMPTY = new Snapshot(Map.of());

    /**
     * @throws IllegalStateException when two specs of a type share a name, or one refers to another that is missing: a
     *     fault of the compiler that made them, never of a user
     */
    public static Snapshot of(Collection<? extends Spec> all) {
        var names = new HashSet<Ref>();
        for (var spec : all) {
            if (!names.add(new Ref(spec.type(), spec.name()))) {
                throw new IllegalStateException("two " + spec.type() + " specs named " + spec.name());
            }
        }
        return EMPTY.with(all);
    }

    public Snapshot {
        var copy = new EnumMap<ResourceType, SharedMap<String, Spec>>(ResourceType.class);
        specs.forEach((type, byName) -> {
            if (!byName.isEmpty()) copy.put(type, byName);
        });
        specs = Collections.unmodifiableMap(copy);
    }

    /** The specs of one type by name; empty when there are none. The same object where none of them is another. */
    public SharedMap<String, Spec> ofType(ResourceType type) {
        return specs.getOrDefault(type, SharedMap.empty());
    }

    /** The specs of one kind, typed. */
    public <S extends Spec> Map<String, S> all(ResourceType type, Class<S> kind) {
        return ofType(type).values().stream()
                .map(kind::cast)
                .collect(Collectors.toMap(Spec::name, spec -> spec, (a, _) -> a, TreeMap::new));
    }

    /**
     * With these, each in the place of another of its type and name. Costs what is new.
     *
     * @throws IllegalStateException when one of them refers to another that is missing
     */
    public Snapshot with(Collection<? extends Spec> changed) {
        var now = put(changed);
        now.requireNoGap(changed);
        return now;
    }

    /** The same, not yet looked at: something in it may refer to what is missing. */
    public Snapshot put(Collection<? extends Spec> changed) {
        var all = new EnumMap<ResourceType, SharedMap<String, Spec>>(ResourceType.class);
        all.putAll(specs);
        for (var spec : changed)
            all.put(
                    spec.type(),
                    all.getOrDefault(spec.type(), SharedMap.empty()).with(spec.name(), spec));
        return new Snapshot(all);
    }

    /** Without these, to which nothing may refer. */
    public Snapshot without(Collection<Ref> gone) {
        var all = new EnumMap<ResourceType, SharedMap<String, Spec>>(ResourceType.class);
        all.putAll(specs);
        for (var ref : gone) all.computeIfPresent(ref.type(), (_, before) -> before.without(ref.name()));
        return new Snapshot(all);
    }

    public boolean defines(Ref ref) {
        return ofType(ref.type()).containsKey(ref.name());
    }

    private void requireNoGap(Collection<? extends Spec> some) {
        var missing = new TreeSet<String>();
        for (var spec : some) {
            for (var ref : spec.references()) {
                if (!defines(ref)) missing.add(spec.name() + " needs " + ref.type() + " " + ref.name());
            }
        }
        if (!missing.isEmpty()) throw new IllegalStateException("a snapshot with gaps: " + List.copyOf(missing));
    }
}
