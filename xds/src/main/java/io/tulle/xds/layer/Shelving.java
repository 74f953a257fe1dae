package io.tulle.xds.layer;

import io.tulle.xds.codec.Resource;
import io.tulle.xds.spec.ResourceType;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One step of many shelves. Those that shared what the step changes share it afterwards as well: the same change of the same object
 * is made once.
 */
public final class Shelving {
    private final Map<Move, Names> made = new HashMap<>();

    /** @param before compared by identity */
    private record Move(Names before, List<Resource> gone, List<Resource> come) {
        boolean isNothing() {
            return gone.isEmpty() && come.isEmpty();
        }
    }

    /** A shelf without some resources, and with others; the same object where that changes nothing. */
    public Shelf move(Shelf before, Collection<Resource> gone, Collection<Resource> come) {
        var all = new EnumMap<ResourceType, Names>(ResourceType.class);
        var isSame = true;
        for (var type : ResourceType.values()) {
            var then = before.of(type);
            var move = new Move(then, of(type, gone, come), of(type, come, gone));
            var now = move.isNothing() ? then : made.computeIfAbsent(move, Shelving::make);
            isSame &= now == then;
            if (now.size() > 0) all.put(type, now);
        }
        return isSame ? before : new Shelf(all);
    }

    private static Names make(Move move) {
        var come = move.come().stream().map(Resource::name).collect(Collectors.toSet());
        var gone = move.gone().stream()
                .map(Resource::name)
                .filter(name -> !come.contains(name))
                .toList();
        return move.before().with(gone, move.come());
    }

    private static List<Resource> of(ResourceType type, Collection<Resource> all, Collection<Resource> others) {
        var same = Set.copyOf(others);
        return all.stream()
                .filter(resource -> resource.type() == type && !same.contains(resource))
                .toList();
    }
}
