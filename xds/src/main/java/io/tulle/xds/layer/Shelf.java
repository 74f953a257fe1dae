package io.tulle.xds.layer;

import io.tulle.xds.codec.Resource;
import io.tulle.xds.spec.ResourceType;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Encoded resources, each of a type and name once. Immutable; what is made of it by a change shares all that did not change, and
 * is compared by identity.
 */
public final class Shelf {
    public static final Shelf EMPTY = new Shelf(new EnumMap<>(ResourceType.class));

    private final Map<ResourceType, Names> byType;
    private final Names.Sum sum;

    Shelf(Map<ResourceType, Names> byType) {
        this.byType = Collections.unmodifiableMap(byType);
        this.sum = byType.values().stream().map(Names::sum).reduce(Names.Sum.ZERO, Names.Sum::plus);
    }

    /** With these in the place of what it holds of their types. */
    Shelf with(Map<ResourceType, Names> changed) {
        var all = new EnumMap<ResourceType, Names>(ResourceType.class);
        all.putAll(byType);
        all.putAll(changed);
        all.values().removeIf(names -> names.size() == 0);
        return new Shelf(all);
    }

    public static Shelf of(Collection<Resource> all) {
        return new Shelving().move(EMPTY, List.of(), all);
    }

    /** Of all that it holds: equal content has an equal sum. */
    Names.Sum sum() {
        return sum;
    }

    /** The types of which it holds anything. */
    Set<ResourceType> types() {
        return byType.keySet();
    }

    Names of(ResourceType type) {
        return byType.getOrDefault(type, Names.NONE);
    }
}
