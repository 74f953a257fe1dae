package io.tulle.compile;

import io.tulle.model.world.AccessPolicy;
import io.tulle.model.world.Instance;
import io.tulle.model.world.MeshSettings;
import io.tulle.model.world.ResourceRef;
import io.tulle.model.world.SourceMatch;
import io.tulle.model.world.World;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What came through the {@link Sieve} at one moment.
 *
 * @param world without what is left out
 * @param declared the access policies as they were written
 * @param distinct the namespaces that see something otherwise than most, inhabited or not
 * @param sources the clients that rules tell apart by labels
 * @param seen what clients see, by the namespaces that see something otherwise; of all others under {@link Perspective#COMMON}
 * @param leftOut each resource that is not in force as written, and why
 * @param hopeless hosts that cannot be compiled whatever is left out, and why
 */
record Sound(
        World world,
        List<AccessPolicy> declared,
        Directory directory,
        Routings routings,
        Set<String> distinct,
        Set<SourceMatch> sources,
        Map<String, Seen> seen,
        SortedMap<ResourceRef, String> leftOut,
        SortedMap<String, String> hopeless) {
    static final Seen NOBODY =
            new Seen(Perspective.of(World.empty(MeshSettings.DEFAULT), Perspective.COMMON), Map.of(), Links.NONE);
    static final Sound NOTHING = new Sound(
            World.empty(MeshSettings.DEFAULT),
            List.of(),
            Directory.EMPTY,
            Routings.NONE,
            Set.of(),
            Set.of(),
            Map.of(),
            new TreeMap<>(),
            new TreeMap<>());

    Sound {
        hopeless = Collections.unmodifiableSortedMap(hopeless);
        leftOut = Collections.unmodifiableSortedMap(leftOut);
    }

    /** The key of what a client sees. */
    String perspectiveOf(Instance client) {
        var key = Perspective.keyOf(client, distinct, sources);
        if (seen.containsKey(key)) return key;
        var namespace = client.node().scope();
        return seen.containsKey(namespace) ? namespace : Perspective.COMMON;
    }

    Seen seenBy(Instance client) {
        return seen.getOrDefault(perspectiveOf(client), NOBODY);
    }
}
