package io.tulle.xds.stream;

import io.tulle.xds.codec.Digest;
import io.tulle.xds.codec.Resource;
import io.tulle.xds.spec.ResourceType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** A snapshot ready to be sent: its resources, serialised and shared, and one version over all of them. */
public record Bundle(String version, SortedMap<ResourceType, SortedMap<String, Resource>> resources) {
    static Bundle of(Iterable<Resource> all) {
        var byType = new TreeMap<ResourceType, SortedMap<String, Resource>>();
        for (var resource : all) {
            byType.computeIfAbsent(resource.type(), _ -> new TreeMap<>()).put(resource.name(), resource);
        }
        var digested = new ArrayList<String>();
        byType.forEach((type, byName) -> byName.forEach((name, resource) -> {
            digested.add(type.name());
            digested.add(name);
            digested.add(resource.version());
        }));
        return new Bundle(Digest.of(digested), Collections.unmodifiableSortedMap(byType));
    }

    SortedMap<String, Resource> of(ResourceType type) {
        return resources.getOrDefault(type, Collections.emptySortedMap());
    }
}
