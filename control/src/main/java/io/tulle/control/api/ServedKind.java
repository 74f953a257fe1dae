package io.tulle.control.api;

import io.tulle.control.store.KindKey;
import java.util.List;
import java.util.Locale;

/**
 * A kind as the API serves it.
 *
 * @param group empty for the core group, which lives under {@code /api}
 * @param merging how Kubernetes' own kinds take strategic merge patches
 * @param schema OpenAPI v3 schema of the body's fields as JSON (an object of properties); empty leaves them open
 */
public record ServedKind(
        String group,
        String version,
        String kind,
        String plural,
        List<String> shortNames,
        boolean namespaced,
        List<Column> columns,
        Merging merging,
        String schema) {
    public ServedKind {
        shortNames = List.copyOf(shortNames);
        columns = List.copyOf(columns);
    }

    public static ServedKind of(String apiVersion, String kind, String plural, String... shortNames) {
        var slash = apiVersion.indexOf('/');
        var group = slash < 0 ? "" : apiVersion.substring(0, slash);
        return new ServedKind(
                group,
                apiVersion.substring(slash + 1),
                kind,
                plural,
                List.of(shortNames),
                true,
                List.of(),
                Merging.NONE,
                "");
    }

    public ServedKind clusterWide() {
        return new ServedKind(group, version, kind, plural, shortNames, false, columns, merging, schema);
    }

    public ServedKind showing(Column... shown) {
        return new ServedKind(group, version, kind, plural, shortNames, namespaced, List.of(shown), merging, schema);
    }

    public ServedKind merging(Merging how) {
        return new ServedKind(group, version, kind, plural, shortNames, namespaced, columns, how, schema);
    }

    public ServedKind describedBy(String properties) {
        return new ServedKind(group, version, kind, plural, shortNames, namespaced, columns, merging, properties);
    }

    /** The same kind under another version, whose fields it shares. */
    public ServedKind alsoIn(String older) {
        return new ServedKind(group, older, kind, plural, shortNames, namespaced, columns, merging, schema);
    }

    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    public String singular() {
        return kind.toLowerCase(Locale.ROOT);
    }

    public KindKey key() {
        return new KindKey(group, kind);
    }

    /** Reading it takes a credential even on loopback. */
    boolean secret() {
        return group.isEmpty() && kind.equals("Secret");
    }

    /** Deleting one deletes what is in it. */
    boolean holdsOthers() {
        return group.isEmpty() && kind.equals("Namespace");
    }

    /** {@code httproutes.gateway.networking.k8s.io}, as Kubernetes' messages name it. */
    String qualified() {
        return group.isEmpty() ? plural : plural + "." + group;
    }
}
