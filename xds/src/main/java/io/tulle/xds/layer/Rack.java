package io.tulle.xds.layer;

import io.tulle.xds.codec.Resource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** All resources of one type that a node hears, over the shelves that they stand on. */
public final class Rack {
    public static final Rack EMPTY = new Rack(List.of());

    private final List<Names> parts;

    Rack(List<Names> parts) {
        this.parts = List.copyOf(parts);
    }

    public Optional<Resource> find(String name) {
        for (var part : parts) {
            var found = part.find(name);
            if (found.isPresent()) return found;
        }
        return Optional.empty();
    }

    public boolean has(String name) {
        return find(name).isPresent();
    }

    public boolean isEmpty() {
        return parts.stream().allMatch(part -> part.size() == 0);
    }

    /** By name. */
    public List<Resource> all() {
        var all = new ArrayList<Resource>();
        parts.forEach(part -> part.each(all::add));
        all.sort(Comparator.comparing(Resource::name));
        return all;
    }

    /** Whether both are the very same, without a look at what they hold. */
    public boolean isSame(Rack other) {
        if (parts.size() != other.parts.size()) return false;
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i) != other.parts.get(i)) return false;
        }
        return true;
    }

    /** Names that may stand for different resources in the two, surely all that do. Costs what the two do not share. */
    public Set<String> differing(Rack other) {
        var names = new HashSet<String>();
        for (int i = 0; i < Math.max(parts.size(), other.parts.size()); i++) {
            part(i).differing(other.part(i), names::add);
        }
        return names;
    }

    /** Of the content, whatever shelves it stands on. */
    public String version() {
        var sum = Names.Sum.ZERO;
        for (var part : parts) sum = sum.plus(part.sum());
        return sum.toString();
    }

    private Names part(int at) {
        return at < parts.size() ? parts.get(at) : Names.NONE;
    }
}
