package io.tulle.control.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tulle.control.store.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * OpenAPI v3 per group and version, made from the kinds: enough for {@code kubectl explain} and for {@code kubectl apply}
 * to see that PATCH knows {@code fieldValidation}. A kind without a schema of its own has open fields.
 */
final class OpenApi {
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
    private static final List<String> WRITE_PARAMETERS = List.of("dryRun", "fieldManager", "fieldValidation");

    private final KindTable kinds;
    private final String version;

    OpenApi(KindTable kinds, String version) {
        this.kinds = kinds;
        this.version = version;
    }

    ObjectNode index() {
        var index = Json.object();
        var paths = index.putObject("paths");
        place(paths, "api/v1", document("", "v1"));
        for (var group : kinds.groups()) {
            for (var served : kinds.versions(group))
                place(paths, "apis/" + group + "/" + served, document(group, served));
        }
        return index;
    }

    ObjectNode document(String group, String served) {
        var found = kinds.in(group, served);
        if (found.isEmpty() && !group.isEmpty())
            throw ApiCode.UNKNOWN_PATH.because("no kind of " + group + "/" + served + " is served");
        var document = Json.object();
        document.put("openapi", "3.0.0");
        var info = document.putObject("info");
        info.put("title", "Tulle");
        info.put("version", version);
        var paths = document.putObject("paths");
        for (var kind : found) paths(kind, paths);
        var schemas = document.putObject("components").putObject("schemas");
        schemas.set(META, metadata());
        for (var kind : found) schemas.set(schemaName(kind), schema(kind));
        return document;
    }

    private static void place(ObjectNode paths, String name, ObjectNode document) {
        var digest = digest(Json.canonical(document)); // part of the address, so that clients may keep it for ever
        paths.putObject(name).put("serverRelativeURL", "/openapi/v3/" + name + "?hash=" + digest);
    }

    private static void paths(ServedKind kind, ObjectNode paths) {
        var root = (kind.group().isEmpty() ? "/api/" : "/apis/") + kind.apiVersion() + "/";
        var collection = root + (kind.namespaced() ? "namespaces/{namespace}/" : "") + kind.plural();
        var many = paths.putObject(collection);
        many.set("get", operation(kind, "list", List.of()));
        many.set("post", operation(kind, "post", WRITE_PARAMETERS));
        var one = paths.putObject(collection + "/{name}");
        one.set("get", operation(kind, "get", List.of()));
        one.set("put", operation(kind, "put", WRITE_PARAMETERS));
        one.set("patch", patch(kind));
        one.set("delete", operation(kind, "delete", List.of("dryRun", "propagationPolicy")));
    }

    private static ObjectNode patch(ServedKind kind) {
        var patch = operation(
                kind,
                "patch",
                Stream.concat(WRITE_PARAMETERS.stream(), Stream.of("force")).toList());
        var content = patch.putObject("requestBody").putObject("content");
        content.putObject("application/json-patch+json").putObject("schema").put("type", "array");
        content.putObject("application/merge-patch+json").putObject("schema").put("type", "object");
        return patch;
    }

    private static ObjectNode operation(ServedKind kind, String action, List<String> parameters) {
        var operation = Json.object();
        operation.put("description", action + " " + kind.kind());
        operation.put("operationId", action + kind.version() + kind.kind());
        operation.put("x-kubernetes-action", action);
        operation.set("x-kubernetes-group-version-kind", identity(kind));
        var listed = operation.putArray("parameters");
        for (var name : parameters) {
            var parameter = listed.addObject();
            parameter.put("name", name);
            parameter.put("in", "query");
            parameter.putObject("schema").put("type", "string").put("uniqueItems", true);
        }
        operation.putObject("responses").putObject("200").put("description", "OK");
        return operation;
    }

    private static ObjectNode schema(ServedKind kind) {
        var schema = Json.object();
        schema.put("type", "object");
        schema.put("description", kind.kind() + " of " + kind.apiVersion());
        var properties = schema.putObject("properties");
        properties.putObject("apiVersion").put("type", "string").put("description", kind.apiVersion());
        properties.putObject("kind").put("type", "string").put("description", kind.kind());
        var metadata = properties.putObject("metadata");
        metadata.put("description", "name, namespace, labels and annotations");
        metadata.putArray("allOf").addObject().put("$ref", "#/components/schemas/" + META);
        if (kind.schema().isEmpty()) {
            schema.put("x-kubernetes-preserve-unknown-fields", true);
            if (!kind.merging().strategic()) properties.set("spec", open("what is declared"));
            properties.set("status", open("written by the mesh"));
        } else {
            properties.setAll(Json.own(kind.schema()));
        }
        schema.putArray("x-kubernetes-group-version-kind").add(identity(kind));
        return schema;
    }

    private static ObjectNode metadata() {
        var meta = Json.object();
        meta.put("type", "object");
        meta.put("description", "What every resource has.");
        var properties = meta.putObject("properties");
        for (var name : List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            properties.putObject(name).put("type", "string").put("description", name);
        }
        properties.putObject("generation").put("type", "integer").put("description", "grows with the spec");
        for (var name : List.of("labels", "annotations")) {
            var map = properties.putObject(name).put("type", "object").put("description", name);
            map.putObject("additionalProperties").put("type", "string");
        }
        return meta;
    }

    private static ObjectNode open(String description) {
        var open = Json.object();
        open.put("type", "object");
        open.put("description", description);
        open.put("x-kubernetes-preserve-unknown-fields", true);
        return open;
    }

    private static ObjectNode identity(ServedKind kind) {
        var identity = Json.object();
        identity.put("group", kind.group());
        identity.put("kind", kind.kind());
        identity.put("version", kind.version());
        return identity;
    }

    private static String schemaName(ServedKind kind) {
        return "io.tulle." + (kind.group().isEmpty() ? "core" : kind.group()) + "." + kind.version() + "."
                + kind.kind();
    }

    private static String digest(String text) {
        try {
            var bytes = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(bytes, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
