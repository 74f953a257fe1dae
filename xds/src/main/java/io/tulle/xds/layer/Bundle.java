package io.tulle.xds.layer;

import io.tulle.xds.spec.ResourceType;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What one node shall hold: the shelves that it shares with others and its own, and one version over all. No two of its shelves hold
 * the same name. Equal content has an equal version, whatever shelves it stands on and however it came to be.
 */
public final class Bundle {
    private final List<Shelf> shelves;
    private final String version;

    private Bundle(List<Shelf> shelves) {
        this.shelves = List.copyOf(shelves);
        var sum = Names.Sum.ZERO;
        for (var shelf : shelves) sum = sum.plus(shelf.sum());
        this.version = sum.toString();
    }

    public static Bundle of(List<Shelf> shelves) {
        return new Bundle(shelves);
    }

    public String version() {
        return version;
    }

    public Rack of(ResourceType type) {
        return new Rack(shelves.stream().map(shelf -> shelf.of(type)).toList());
    }

    /** The types of which it holds anything. */
    public Set<ResourceType> types() {
        var types = EnumSet.noneOf(ResourceType.class);
        for (var type : ResourceType.values()) {
            if (shelves.stream().anyMatch(shelf -> shelf.has(type))) types.add(type);
        }
        return types;
    }

    /** Whether it stands on the very same shelves: then nothing of it has changed. */
    public boolean standsOn(List<Shelf> others) {
        if (shelves.size() != others.size()) return false;
        for (int i = 0; i < shelves.size(); i++) {
            if (shelves.get(i) != others.get(i)) return false;
        }
        return true;
    }
}
