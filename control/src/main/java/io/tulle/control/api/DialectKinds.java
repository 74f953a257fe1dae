package io.tulle.control.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tulle.control.store.Json;
import io.tulle.dialects.OpenApi;
import io.tulle.dialects.kind.Kind;
import io.tulle.dialects.reader.Node;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The dialects' kinds as the API serves them: fields for {@code kubectl explain}, columns and older versions come from
 * their registry; what only the API knows (how Kubernetes' own kinds merge, columns where a dialect names none) comes
 * from {@link KindTable#standard}.
 */
final class DialectKinds {
    private DialectKinds() {}

    /** Each preferred version stands before the older ones. */
    static KindTable table(Collection<Kind> kinds) {
        var preferred = new ArrayList<ServedKind>();
        var older = new ArrayList<ServedKind>();
        for (var kind : kinds) {
            var served = served(kind);
            preferred.add(served);
            for (var version : kind.olderVersions()) older.add(served.alsoIn(version));
        }
        preferred.addAll(older);
        return new KindTable(preferred);
    }

    private static ServedKind served(Kind kind) {
        var plain = ServedKind.of(
                kind.apiVersion(), kind.kind(), kind.plural(), kind.shortNames().toArray(String[]::new));
        var known = KindTable.standard().of(kind.apiVersion(), kind.kind()).orElse(plain);
        return new ServedKind(
                kind.group(),
                kind.version(),
                kind.kind(),
                kind.plural(),
                kind.shortNames(),
                kind.namespaced(),
                kind.columns().isEmpty() ? known.columns() : columns(kind),
                known.merging(),
                Json.canonical(fields(kind)));
    }

    private static List<Column> columns(Kind kind) {
        return kind.columns().stream()
                .map(column -> new Column(column.name(), "string", column.path(), false))
                .toList();
    }

    /** The schema's properties without those that every kind has. */
    private static ObjectNode fields(Kind kind) {
        var text = io.tulle.dialects.reader.Json.compact(
                OpenApi.schemas(List.of(kind)).at(OpenApi.schemaName(kind)).orElse(Node.Mapping.EMPTY));
        try {
            var schema = Json.parse(text.getBytes(StandardCharsets.UTF_8));
            return schema.path("properties") instanceof ObjectNode properties
                    ? properties.without(List.of("apiVersion", "kind", "metadata"))
                    : Json.object();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the schema of " + kind.kind() + " is no JSON", e);
        }
    }
}
