package io.tulle.control.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tulle.control.store.Json;
import io.tulle.control.store.Manifest;
import io.tulle.control.store.Resource;
import io.tulle.control.store.ResourceKey;
import io.tulle.model.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Between a stored resource and the document that clients see. Only the frame is judged here, never the body. */
public final class Documents {
    static final int MAX_BYTES = 3 * 1024 * 1024;

    /** What the server manages: clients send it back as they read it, and it counts for nothing. */
    private static final Set<String> MANAGED =
            Set.of("creationTimestamp", "deletionTimestamp", "generation", "managedFields", "selfLink");

    private static final Set<String> READ =
            Set.of("name", "namespace", "labels", "annotations", "resourceVersion", "uid", "generateName");

    private Documents() {}

    /**
     * A document as it came in.
     *
     * @param version 0 where the client named none
     * @param uid empty where the client named none
     * @param status canonical JSON, empty where there is none
     */
    record Incoming(
            ServedKind kind,
            ResourceKey key,
            Manifest manifest,
            long version,
            String uid,
            String status,
            List<Problem> warnings) {
        Admission.Candidate candidate() {
            var document = frame(kind, key, manifest);
            document.setAll(Json.own(manifest.body()));
            return new Admission.Candidate(kind, key, Json.canonical(document));
        }
    }

    static ObjectNode parse(byte[] body) {
        if (body.length == 0) throw ApiCode.BAD_JSON.because("the body is empty");
        try {
            if (Json.parse(body) instanceof ObjectNode object) return object;
            throw ApiCode.BAD_JSON.because("the body is not a JSON object");
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            var where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw ApiCode.BAD_JSON.because(e.getOriginalMessage() + where);
        }
    }

    /** @param namespace of the path; empty where the path has none, then the document's or {@code default} */
    static Incoming read(ServedKind kind, ObjectNode document, String namespace) {
        expect(document, "apiVersion", kind.apiVersion());
        expect(document, "kind", kind.kind());
        if (!(document.path("metadata") instanceof ObjectNode metadata)) {
            throw ApiCode.MALFORMED.because("metadata must be an object");
        }
        if (!text(metadata, "generateName").isEmpty())
            throw ApiCode.GENERATED_NAME.because("metadata.generateName is set");
        var key = new ResourceKey(
                kind.group(),
                kind.kind(),
                namespaceOf(kind, text(metadata, "namespace"), namespace),
                Names.resource(text(metadata, "name"), "metadata.name"));
        var labels = strings(metadata, "labels");
        Names.labels(labels);
        var annotations = strings(metadata, "annotations");
        Names.annotations(annotations);
        var body = document.deepCopy();
        body.remove(List.of("apiVersion", "kind", "metadata", "status"));
        var status = document.path("status");
        return new Incoming(
                kind,
                key,
                Manifest.of(labels, annotations, Json.canonical(body)),
                version(text(metadata, "resourceVersion")),
                text(metadata, "uid"),
                status.isObject() ? Json.canonical(status) : "",
                unread(metadata));
    }

    /** The document that a client gets. */
    public static ObjectNode render(ServedKind kind, Resource resource) {
        var document = frame(kind, resource.key(), resource.manifest());
        var metadata = (ObjectNode) document.path("metadata");
        metadata.put("uid", resource.uid());
        if (resource.version() > 0) metadata.put("resourceVersion", Long.toString(resource.version()));
        if (!kind.group().isEmpty()) metadata.put("generation", resource.generation()); // core kinds have none
        metadata.put("creationTimestamp", resource.created().toString());
        document.setAll(Json.own(resource.manifest().body()));
        if (!resource.status().isEmpty()) document.set("status", Json.own(resource.status()));
        return document;
    }

    /** What a patch made is judged again: its depth and size are not those of what came in. */
    static ObjectNode judged(ObjectNode patched) {
        var text = Json.write(patched).getBytes(StandardCharsets.UTF_8);
        if (text.length > MAX_BYTES) throw ApiCode.TOO_LARGE.because("the patched document has more than 3 MiB");
        return parse(text);
    }

    private static ObjectNode frame(ServedKind kind, ResourceKey key, Manifest manifest) {
        var document = Json.object();
        document.put("apiVersion", kind.apiVersion());
        document.put("kind", kind.kind());
        var metadata = document.putObject("metadata");
        metadata.put("name", key.name());
        if (!key.namespace().isEmpty()) metadata.put("namespace", key.namespace());
        put(metadata, "labels", manifest.labels());
        put(metadata, "annotations", manifest.annotations());
        return document;
    }

    private static void put(ObjectNode metadata, String field, Map<String, String> strings) {
        if (strings.isEmpty()) return;
        var object = metadata.putObject(field);
        strings.forEach(object::put);
    }

    private static String namespaceOf(ServedKind kind, String written, String ofPath) {
        if (!kind.namespaced()) {
            if (!written.isEmpty())
                throw ApiCode.MISMATCH.because(kind.kind() + " has no namespace, not '" + written + "'");
            return "";
        }
        if (ofPath.isEmpty()) return Names.namespace(written.isEmpty() ? "default" : written);
        if (!written.isEmpty() && !written.equals(ofPath)) {
            throw ApiCode.MISMATCH.because(
                    "the namespace of the document, '" + written + "', is not that of the path, '" + ofPath + "'");
        }
        return Names.namespace(ofPath);
    }

    private static void expect(ObjectNode document, String field, String wanted) {
        var found = text(document, field);
        if (!found.equals(wanted)) {
            throw ApiCode.MISMATCH.because(field + " is '" + found + "' where '" + wanted + "' was expected");
        }
    }

    private static String text(ObjectNode object, String field) {
        JsonNode value = object.path(field);
        if (value.isMissingNode() || value.isNull()) return "";
        if (!value.isTextual()) throw ApiCode.MALFORMED.because(field + " must be a string");
        return value.textValue();
    }

    private static Map<String, String> strings(ObjectNode metadata, String field) {
        var value = metadata.path(field);
        var strings = new TreeMap<String, String>();
        if (value.isMissingNode() || value.isNull()) return strings;
        if (!value.isObject()) throw ApiCode.MALFORMED.because("metadata." + field + " must be an object of strings");
        for (var entry : value.properties()) {
            if (!entry.getValue().isTextual()) {
                throw ApiCode.MALFORMED.because("metadata." + field + "." + entry.getKey() + " must be a string");
            }
            strings.put(entry.getKey(), entry.getValue().textValue());
        }
        return strings;
    }

    private static long version(String written) {
        if (written.isEmpty()) return 0;
        var version = Numbers.parse(written);
        if (version < 1)
            throw ApiCode.MALFORMED.because("metadata.resourceVersion '" + written + "' is none of this server");
        return version;
    }

    /** Fields of metadata that Kubernetes acts on and we do not. */
    private static List<Problem> unread(ObjectNode metadata) {
        var warnings = new ArrayList<Problem>();
        metadata.fieldNames().forEachRemaining(field -> {
            if (READ.contains(field) || MANAGED.contains(field)) return;
            warnings.add(Problem.warning(
                    ApiCode.MALFORMED.code(), "metadata." + field + " is not acted on and was not kept", "Remove it."));
        });
        return warnings;
    }
}
