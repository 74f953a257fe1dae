package io.tulle.xds.layer;

import io.tulle.xds.codec.Digest;
import io.tulle.xds.spec.ResourceType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one node shall hold: the shelves that it shares with others and its own, and one version over all. No two of its shelves hold
 * the same name. Equal content has an equal version, whatever shelves it stands on and however it came to be.
 */
public final class Bundle {
    private final List<Shelf> shelves;
    private final Map<ResourceType, Rack> racks;
    private final String version;

    private Bundle(List<Shelf> shelves, Map<ResourceType, Rack> racks, String version) {
        this.shelves = shelves;
        this.racks = racks;
        this.version = version;
    }

    public static Bundle of(List<Shelf> shelves) {
        var racks = new EnumMap<ResourceType, Rack>(ResourceType.class);
        var digested = new ArrayList<String>();
        for (var type : ResourceType.values()) {
            var rack = new Rack(shelves.stream().map(shelf -> shelf.of(type)).toList());
            if (rack.isEmpty()) continue;
            racks.put(type, rack);
            digested.add(type.name());
            digested.add(rack.sum().toString());
        }
        return new Bundle(List.copyOf(shelves), racks, Digest.of(digested));
    }

    public String version() {
        return version;
    }

    public Rack of(ResourceType type) {
        return racks.getOrDefault(type, Rack.EMPTY);
    }

    /** The types of which it holds anything. */
    public Set<ResourceType> types() {
        return racks.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(racks.keySet()));
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
