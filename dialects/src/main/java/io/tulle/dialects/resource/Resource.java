package io.tulle.dialects.resource;

import io.tulle.dialects.reader.Node;
import io.tulle.model.Problem.Place;
import io.tulle.model.world.ResourceRef;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * One resource.
 *
 * @param content every top-level field but apiVersion, kind, metadata and status: {@code spec} for most kinds,
 *     {@code data} for a ConfigMap
 * @param status what the control plane says of it
 * @param place where its document starts
 */
public record Resource(
        String apiVersion, String kind, Metadata metadata, Node.Mapping content, Optional<Node> status, Place place) {
    public static Resource of(String apiVersion, String kind, Metadata metadata, Node.Mapping content) {
        return new Resource(apiVersion, kind, metadata, content, Optional.empty(), Node.MADE);
    }

    public Optional<Node> spec() {
        return content.get("spec");
    }

    public String name() {
        return metadata.name();
    }

    public String namespace() {
        return metadata.namespace();
    }

    public ResourceRef ref() {
        return ResourceRef.of(group(), kind, metadata.namespace(), metadata.name());
    }

    /** The part of the apiVersion before the slash; empty for core kinds. */
    public String group() {
        var slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    public String version() {
        return apiVersion.substring(apiVersion.indexOf('/') + 1);
    }

    public Resource with(Metadata now) {
        return new Resource(apiVersion, kind, now, content, status, place);
    }

    public Resource withStatus(Node now) {
        return new Resource(apiVersion, kind, metadata, content, Optional.of(now), place);
    }

    public Resource withoutStatus() {
        return new Resource(apiVersion, kind, metadata, content, Optional.empty(), place);
    }

    /** As a document: apiVersion, kind, metadata, the content, status. Render with Yaml or Json. */
    public Node.Mapping toNode() {
        var fields = new LinkedHashMap<String, Node>();
        fields.put("apiVersion", Node.of(apiVersion));
        fields.put("kind", Node.of(kind));
        fields.put("metadata", metadata.toNode());
        content.entries().forEach(entry -> fields.put(entry.key(), entry.value()));
        status.ifPresent(s -> fields.put("status", s));
        return Node.mapOf(fields);
    }
}
