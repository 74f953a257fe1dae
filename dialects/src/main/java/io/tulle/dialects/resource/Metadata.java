package io.tulle.dialects.resource;

import io.tulle.dialects.reader.Node;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who a resource is (Kubernetes ObjectMeta). The last four are the store's to say; a person's file leaves them out.
 *
 * @param namespace empty for kinds that live in none
 * @param generation how many times its content changed
 * @param resourceVersion the revision that wrote it, opaque to clients
 */
public record Metadata(
        String name,
        String namespace,
        SortedMap<String, String> labels,
        SortedMap<String, String> annotations,
        OptionalLong generation,
        Optional<String> resourceVersion,
        Optional<String> uid,
        Optional<Instant> creationTimestamp) {
    public Metadata {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
    }

    public static Metadata of(String namespace, String name) {
        return new Metadata(
                name,
                namespace,
                new TreeMap<>(),
                new TreeMap<>(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The same, as the store stamps it. */
    public Metadata stamped(long newGeneration, String version, String newUid, Instant created) {
        return new Metadata(
                name,
                namespace,
                labels,
                annotations,
                OptionalLong.of(newGeneration),
                Optional.of(version),
                Optional.of(newUid),
                Optional.of(created));
    }

    /** As a document shows it; keys in Kubernetes' order, which is the alphabet's. */
    Node.Mapping toNode() {
        var fields = new LinkedHashMap<String, Node>();
        if (!annotations.isEmpty()) fields.put("annotations", Node.mapOfTexts(annotations));
        creationTimestamp.ifPresent(at -> fields.put("creationTimestamp", Node.of(at.toString())));
        generation.ifPresent(count -> fields.put("generation", Node.of(count)));
        if (!labels.isEmpty()) fields.put("labels", Node.mapOfTexts(labels));
        fields.put("name", Node.of(name));
        if (!namespace.isEmpty()) fields.put("namespace", Node.of(namespace));
        resourceVersion.ifPresent(version -> fields.put("resourceVersion", Node.of(version)));
        uid.ifPresent(id -> fields.put("uid", Node.of(id)));
        return Node.mapOf(fields);
    }
}
