package io.tulle.dialects;

import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Hosts;
import io.tulle.dialects.resource.Resource;
import io.tulle.model.world.MeshSettings;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What resources were decoded to. What one says depends on itself, on the mesh's settings and on which hosts are declared outside:
 * while these are the same, the same object is not decoded again.
 */
final class Decodings {
    static final Decodings NONE = new Decodings(MeshSettings.DEFAULT, new Hosts(new TreeSet<>()), Map.of());

    private final MeshSettings settings;
    private final Hosts hosts;
    private final Map<Resource, Decoding> byIdentity;

    private Decodings(MeshSettings settings, Hosts hosts, Map<Resource, Decoding> byIdentity) {
        this.settings = settings;
        this.hosts = hosts;
        this.byIdentity = byIdentity;
    }

    /** Those of the next moment: what it shares with this one is taken over. */
    Decodings next(MeshSettings newSettings, Hosts newHosts, Collection<Resource> resources) {
        var known = settings.equals(newSettings) && hosts.equals(newHosts) ? byIdentity : Map.<Resource, Decoding>of();
        var all = new IdentityHashMap<Resource, Decoding>();
        for (var resource : resources) {
            all.put(
                    resource,
                    Optional.ofNullable(known.get(resource))
                            .orElseGet(() -> Decoding.of(new Context(resource, newSettings, newHosts))));
        }
        return new Decodings(newSettings, newHosts, all);
    }

    Decoding of(Resource resource) {
        return Optional.ofNullable(byIdentity.get(resource)).orElseThrow();
    }
}
