package io.tulle.dialects;

import io.tulle.dialects.field.Shape;
import io.tulle.dialects.field.Vocabulary;
import io.tulle.dialects.kind.Kind;
import io.tulle.dialects.reader.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Kinds as OpenAPI v3 schemas, from the same vocabularies that decoders read by; {@code kubectl explain} shows them. */
public final class OpenApi {
    private static final String REF = "#/components/schemas/";
    private static final String OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

    private final Vocabulary words;

    private OpenApi(Vocabulary words) {
        this.words = words;
    }

    /** The value of {@code components.schemas} for some kinds, by schema name. */
    public static Node.Mapping schemas(Collection<Kind> kinds) {
        var all = new TreeMap<String, Node>();
        all.put(OBJECT_META, new OpenApi(MetadataReader.WORDS).message("ObjectMeta"));
        for (var kind : kinds) all.put(schemaName(kind), schema(kind));
        return Node.mapOf(all);
    }

    /** {@code io.istio.networking.v1.VirtualService}; core kinds under their usual name. */
    public static String schemaName(Kind kind) {
        if (kind.core()) return "io.k8s.api.core." + kind.version() + "." + kind.kind();
        var parts = new ArrayList<>(List.of(kind.group().split("\\.")));
        Collections.reverse(parts);
        return String.join(".", parts) + "." + kind.version() + "." + kind.kind();
    }

    /** A reference to a kind's schema, as a request or response body holds it. */
    public static Node reference(Kind kind) {
        return Node.mapOfTexts(Map.of("$ref", REF + schemaName(kind)));
    }

    private static Node schema(Kind kind) {
        var properties = new LinkedHashMap<String, Node>();
        properties.put("apiVersion", type("string"));
        properties.put("kind", type("string"));
        properties.put(
                "metadata",
                Node.mapOf(Map.of("allOf", Node.listOf(List.of(Node.mapOfTexts(Map.of("$ref", REF + OBJECT_META)))))));
        var shapes = new OpenApi(kind.words());
        kind.words().fields(kind.kind()).forEach((field, shape) -> properties.put(field, shapes.shape(shape)));
        properties.put("status", anything());
        var gvk = new LinkedHashMap<String, String>();
        gvk.put("group", kind.group());
        gvk.put("kind", kind.kind());
        gvk.put("version", kind.version());
        return object(properties).with("x-kubernetes-group-version-kind", Node.listOf(List.of(Node.mapOfTexts(gvk))));
    }

    private Node.Mapping message(String name) {
        var properties = new LinkedHashMap<String, Node>();
        words.fields(name).forEach((field, shape) -> properties.put(field, shape(shape)));
        return object(properties);
    }

    private Node shape(Shape shape) {
        return switch (shape) {
            case Shape.Simple(var form) -> simple(form);
            case Shape.Choice(var allowed) ->
                type("string")
                        .with("enum", Node.listOf(allowed.stream().map(Node::of).toList()));
            case Shape.ListOf(var item) -> type("array").with("items", shape(item));
            case Shape.MapOf(var value) -> type("object").with("additionalProperties", shape(value));
            case Shape.Message(var name) -> message(name);
        };
    }

    private static Node simple(Shape.Form form) {
        return switch (form) {
            case TEXT -> type("string");
            case INTEGER -> type("integer").with("format", Node.of("int32"));
            case NUMBER -> type("number").with("format", Node.of("double"));
            case BOOLEAN -> type("boolean");
            case PORT -> Node.mapOf(Map.of("x-kubernetes-int-or-string", Node.of(true)));
            case ANY -> anything();
        };
    }

    private static Node.Mapping object(Map<String, Node> properties) {
        return type("object").with("properties", Node.mapOf(properties));
    }

    private static Node.Mapping anything() {
        return Node.mapOf(Map.of("x-kubernetes-preserve-unknown-fields", Node.of(true)));
    }

    private static Node.Mapping type(String name) {
        return Node.mapOfTexts(Map.of("type", name));
    }
}
