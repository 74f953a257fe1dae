package io.tulle.dialects.kind;

import io.tulle.dialects.resource.Resource;
import io.tulle.model.world.MeshSettings;

/** What a decoder may know beside the fields: whose they are, and how names resolve. */
public record Context(Resource resource, MeshSettings settings, Hosts hosts) {
    /** A host as this resource's author means it. */
    public String host(String written) {
        return hosts.resolve(written, resource.namespace());
    }
}
