package io.tulle.dialects;

import io.tulle.dialects.resource.Resource;
import io.tulle.model.world.MeshSettings;
import java.util.Collection;
import java.util.List;

/** A World that is read step by step: resources that are the same objects as the step before are not decoded again. */
public final class WorldFold {
    private final MeshSettings settings;
    private final WorldReading reading;
    private final Decodings decodings;

    WorldFold(MeshSettings settings, WorldReading reading, Decodings decodings) {
        this.settings = settings;
        this.reading = reading;
        this.decodings = decodings;
    }

    /** Where nothing is declared. */
    public static WorldFold nothing(MeshSettings settings) {
        return WorldReader.fold(0, settings, List.of(), Decodings.NONE);
    }

    /** What other resources say, all of them, of which most are those of this step. */
    public WorldFold then(long revision, Collection<Resource> resources) {
        return WorldReader.fold(revision, settings, resources, decodings);
    }

    public WorldReading reading() {
        return reading;
    }
}
