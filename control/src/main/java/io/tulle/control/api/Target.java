package io.tulle.control.api;

import io.tulle.control.store.ResourceKey;
import java.util.List;

/**
 * The resource, or the collection, that a path names.
 *
 * @param namespace empty for all namespaces, and for kinds without
 * @param name empty for the collection
 * @param status whether the path ends in {@code /status}
 */
record Target(ServedKind kind, String namespace, String name, boolean status) {
    private static final String STATUS = "status";

    /** @param rest what follows the group and version: {@code [namespaces, shop, httproutes, catalog]} */
    static Target of(KindTable kinds, String group, String version, List<String> rest) {
        var whole = rest;
        var namespace = "";
        // /namespaces/shop is the resource, /namespaces/shop/services is a collection within it, and so is not
        // /namespaces/shop/status
        if (whole.size() >= 3
                && whole.get(0).equals("namespaces")
                && !whole.get(2).equals(STATUS)) {
            namespace = Names.namespace(whole.get(1));
            whole = whole.subList(2, whole.size());
        }
        var plural = whole.getFirst();
        var kind = kinds.at(group, version, plural)
                .orElseThrow(() -> ApiCode.UNKNOWN_PATH.because("no kind '" + plural + "' is served there"));
        var status = whole.size() == 3 && whole.get(2).equals(STATUS);
        if (whole.size() > (status ? 3 : 2)) throw ApiCode.UNKNOWN_PATH.because(kind.plural() + " has no such part");
        var name = whole.size() > 1 ? Names.resource(whole.get(1), "the name in the path") : "";
        if (kind.namespaced() == namespace.isEmpty() && (!name.isEmpty() || !kind.namespaced())) {
            throw ApiCode.UNKNOWN_PATH.because(
                    kind.plural() + (kind.namespaced() ? " are found in a namespace" : " are in no namespace"));
        }
        return new Target(kind, namespace, name, status);
    }

    boolean isCollection() {
        return name.isEmpty();
    }

    Subject subject() {
        return Subject.of(kind, name);
    }

    ResourceKey key() {
        return new ResourceKey(kind.group(), kind.kind(), namespace, name);
    }

    @Override
    public String toString() {
        return kind.qualified() + " " + namespace + "/" + name + (status ? "/" + STATUS : "");
    }
}
