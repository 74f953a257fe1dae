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
    private final Demand demand;
    private final String version;

    private Bundle(List<Shelf> shelves, Demand demand) {
        this.shelves = List.copyOf(shelves);
        this.demand = demand;
        var sum = Names.Sum.ZERO;
        for (var shelf : shelves) sum = sum.plus(shelf.sum());
        this.version = sum.toString();
    }

    /** For a node that has asked for this and no more. */
    public static Bundle of(List<Shelf> shelves, Demand demand) {
        return new Bundle(shelves, demand);
    }

    /** Whether it was made for somebody who asks for this too, so that what it has not is nowhere. */
    public boolean answers(Demand asked) {
        return demand.covers(asked);
    }

    /** Whether it has the same content and answers the same questions. */
    public boolean saysTheSameAs(Bundle other) {
        return version.equals(other.version) && demand.equals(other.demand);
    }

    public String version() {
        return version;
    }

    public Rack of(ResourceType type) {
        var parts = new Names[shelves.size()];
        for (int i = 0; i < parts.length; i++) parts[i] = shelves.get(i).of(type);
        return new Rack(parts);
    }

    /** The types of which it holds anything. */
    public Set<ResourceType> types() {
        var types = EnumSet.noneOf(ResourceType.class);
        for (var shelf : shelves) types.addAll(shelf.types());
        return types;
    }
}
