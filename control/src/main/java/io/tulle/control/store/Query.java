package io.tulle.control.store;

import io.tulle.model.world.LabelSelector;
import java.util.Set;

/**
 * Which resources are meant.
 *
 * @param kinds empty means every kind
 * @param namespace empty means all
 * @param name empty means all
 */
public record Query(Set<KindKey> kinds, String namespace, String name, LabelSelector labels) {
    public Query {
        kinds = Set.copyOf(kinds);
    }

    public static Query everything() {
        return new Query(Set.of(), "", "", LabelSelector.ALL);
    }

    public static Query of(KindKey kind) {
        return new Query(Set.of(kind), "", "", LabelSelector.ALL);
    }

    public Query in(String wantedNamespace) {
        return new Query(kinds, wantedNamespace, name, labels);
    }

    public Query named(String wantedName) {
        return new Query(kinds, namespace, wantedName, labels);
    }

    public Query where(LabelSelector wanted) {
        return new Query(kinds, namespace, name, wanted);
    }

    public boolean selects(Resource resource) {
        var key = resource.key();
        return (kinds.isEmpty() || kinds.contains(key.kindKey()))
                && (namespace.isEmpty() || namespace.equals(key.namespace()))
                && (name.isEmpty() || name.equals(key.name()))
                && labels.accepts(resource.manifest().labels());
    }
}
