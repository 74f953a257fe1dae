package io.tulle.control.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tulle.control.store.Json;

/** JSON Merge Patch, RFC 7396: null removes, objects merge, all else replaces. */
final class MergePatch {
    private MergePatch() {}

    static ObjectNode apply(ObjectNode target, ObjectNode patch) {
        var merged = target.deepCopy();
        for (var entry : patch.properties()) {
            var value = entry.getValue();
            if (value.isNull()) merged.remove(entry.getKey());
            else merged.set(entry.getKey(), merged(merged.path(entry.getKey()), value));
        }
        return merged;
    }

    private static JsonNode merged(JsonNode target, JsonNode patch) {
        if (!(patch instanceof ObjectNode object)) return patch;
        return apply(target instanceof ObjectNode there ? there : Json.object(), object);
    }
}
