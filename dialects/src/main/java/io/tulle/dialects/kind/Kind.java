package io.tulle.dialects.kind;

import io.tulle.dialects.field.Vocabulary;
import io.tulle.dialects.reader.Json;
import io.tulle.dialects.reader.Node;
import io.tulle.dialects.resource.Resource;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One kind of resource, as the API discovers it and the CLI names it.
 *
 * @param group empty for Kubernetes' core kinds
 * @param version the one that is stored and served
 * @param olderVersions read as if they were {@code version}, whose fields they share
 * @param words the vocabulary of its dialect; the message named like the kind has its top-level fields
 */
public record Kind(
        String group,
        String version,
        List<String> olderVersions,
        String kind,
        String plural,
        List<String> shortNames,
        boolean namespaced,
        Vocabulary words,
        List<Column> columns) {
    public Kind {
        olderVersions = List.copyOf(olderVersions);
        shortNames = List.copyOf(shortNames);
        columns = List.copyOf(columns);
    }

    public String singular() {
        return kind.toLowerCase(java.util.Locale.ROOT);
    }

    /** Whether it lives under {@code /api/v1} rather than {@code /apis/<group>}. */
    public boolean core() {
        return group.isEmpty();
    }

    public String apiVersion() {
        return core() ? version : group + "/" + version;
    }

    /** Whether a document's apiVersion and kind mean this one. */
    public boolean isMeantBy(String apiVersion, String kind) {
        if (!this.kind.equals(kind)) return false;
        if (apiVersion.equals(apiVersion())) return true;
        return olderVersions.stream().anyMatch(older -> apiVersion.equals(core() ? older : group + "/" + older));
    }

    /** A column that {@code get} shows beside the name: where in the resource its value stands. */
    public record Column(String name, List<String> path) {
        public Column {
            path = List.copyOf(path);
        }

        /** {@code Hosts .spec.hosts}. */
        public static Column of(String name, String path) {
            return new Column(name, List.of(path.substring(1).split("\\.")));
        }

        /** The value as a cell: a text bare, a list as JSON, empty where there is none. */
        public String cell(Resource resource) {
            return resource.toNode()
                    .at(path.toArray(String[]::new))
                    .map(Column::shown)
                    .orElse("");
        }

        private static String shown(Node node) {
            return switch (node) {
                case Node.Text text -> text.value();
                case Node.Null _ -> "";
                case Node.Sequence list
                when list.items().stream().allMatch(Node.Mapping.class::isInstance) ->
                    Integer.toString(list.items().size());
                case Node.Sequence list ->
                    list.items().stream().map(Json::compact).collect(Collectors.joining(",", "[", "]"));
                case Node.Mapping _, Node.Numeral _, Node.Bool _ -> Json.compact(node);
            };
        }
    }
}
