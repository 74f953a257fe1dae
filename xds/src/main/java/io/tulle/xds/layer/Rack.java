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
    public static final Rack EMPTY = new Rack(new Names[0]);

    private final Names[] parts;

    /** @param parts its own from here on */
    Rack(Names[] parts) {
        this.parts = parts;
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
        for (var part : parts) {
            if (part.size() > 0) return false;
        }
        return true;
    }

    /** By name. */
    public List<Resource> all() {
        var all = new ArrayList<Resource>();
        for (var part : parts) part.each(all::add);
        all.sort(Comparator.comparing(Resource::name));
        return all;
    }

    /** Whether both are the very same, without a look at what they hold. */
    public boolean isSame(Rack other) {
        if (parts.length != other.parts.length) return false;
        for (int i = 0; i < parts.length; i++) {
            if (parts[i] != other.parts[i]) return false;
        }
        return true;
    }

    /** Names that may stand for different resources in the two, surely all that do. Costs what the two do not share. */
    public Set<String> differing(Rack other) {
        var names = new HashSet<String>();
        for (int i = 0; i < Math.max(parts.length, other.parts.length); i++) {
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
        return at < parts.length ? parts[at] : Names.NONE;
    }
}
