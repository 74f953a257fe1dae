package io.tulle.xds.layer;

import io.tulle.xds.codec.Resource;
import io.tulle.xds.spec.ResourceType;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Encoded resources, each of a type and name once. Immutable; what is made of it by a change shares all that did not change, and
 * is compared by identity.
 */
public final class Shelf {
    public static final Shelf EMPTY = new Shelf(new EnumMap<>(ResourceType.class));

    private final Map<ResourceType, Names> byType;

    Shelf(Map<ResourceType, Names> byType) {
        this.byType = Collections.unmodifiableMap(byType);
    }

    public static Shelf of(Collection<Resource> all) {
        return new Shelving().move(EMPTY, List.of(), all);
    }

    /** How many resources it holds. */
    public int size() {
        return byType.values().stream().mapToInt(Names::size).sum();
    }

    Names of(ResourceType type) {
        return byType.getOrDefault(type, Names.NONE);
    }
}
