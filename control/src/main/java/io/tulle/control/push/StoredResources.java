package io.tulle.control.push;

import io.tulle.control.store.Resource;
import io.tulle.control.store.ResourceKey;
import io.tulle.dialects.Kinds;
import io.tulle.dialects.kind.Kind;
import io.tulle.dialects.reader.Node;
import io.tulle.dialects.reader.Reader;
import io.tulle.dialects.resource.Metadata;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The store's resources as the dialects read them. */
final class StoredResources {
    private static final Map<String, Kind> KINDS = byGroupAndKind();

    private StoredResources() {}

    /** Those whose kind is known, by key; of any other the World says nothing. */
    static Map<ResourceKey, io.tulle.dialects.resource.Resource> byKey(List<Resource> stored) {
        var all = new LinkedHashMap<ResourceKey, io.tulle.dialects.resource.Resource>();
        stored.forEach(each -> of(each).ifPresent(read -> all.put(each.key(), read)));
        return all;
    }

    static Optional<io.tulle.dialects.resource.Resource> of(Resource stored) {
        var key = stored.key();
        return Optional.ofNullable(KINDS.get(key.group() + "/" + key.kind())).map(kind -> {
            var metadata = new Metadata(
                            key.name(),
                            key.namespace(),
                            stored.manifest().labels(),
                            stored.manifest().annotations(),
                            OptionalLong.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty())
                    .stamped(stored.generation(), Long.toString(stored.version()), stored.uid(), stored.created());
            return io.tulle.dialects.resource.Resource.of(
                    kind.apiVersion(),
                    key.kind(),
                    metadata,
                    content(stored.manifest().body()));
        });
    }

    private static Node.Mapping content(String json) {
        var documents = new Reader().json("the store", json).documents();
        return !documents.isEmpty() && documents.getFirst() instanceof Node.Mapping mapping
                ? mapping
                : Node.Mapping.EMPTY;
    }

    private static Map<String, Kind> byGroupAndKind() {
        var all = new HashMap<String, Kind>();
        Kinds.all().forEach(kind -> all.putIfAbsent(kind.group() + "/" + kind.kind(), kind));
        return all;
    }
}
