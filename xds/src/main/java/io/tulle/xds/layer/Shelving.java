package io.tulle.xds.layer;

import io.tulle.xds.codec.Resource;
import io.tulle.xds.spec.ResourceType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
        var going = byType(gone, come);
        var coming = byType(come, gone);
        var changed = new EnumMap<ResourceType, Names>(ResourceType.class);
        for (var type : ResourceType.values()) {
            var move = new Move(
                    before.of(type), going.getOrDefault(type, List.of()), coming.getOrDefault(type, List.of()));
            if (move.isNothing()) continue;
            var now = made.computeIfAbsent(move, Shelving::make);
            if (now != move.before()) changed.put(type, now);
        }
        return changed.isEmpty() ? before : before.with(changed);
    }

    private static Names make(Move move) {
        var come = move.come().stream().map(Resource::name).collect(Collectors.toSet());
        var gone = move.gone().stream()
                .map(Resource::name)
                .filter(name -> !come.contains(name))
                .toList();
        return move.before().with(gone, move.come());
    }

    /** Those that are not among the others as well. */
    private static Map<ResourceType, List<Resource>> byType(Collection<Resource> all, Collection<Resource> others) {
        var same = new HashSet<>(others);
        var byType = new EnumMap<ResourceType, List<Resource>>(ResourceType.class);
        for (var resource : all) {
            if (same.contains(resource)) continue;
            byType.computeIfAbsent(resource.type(), _ -> new ArrayList<>()).add(resource);
        }
        return byType;
    }
}
