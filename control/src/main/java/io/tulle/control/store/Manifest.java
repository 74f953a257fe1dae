package io.tulle.control.store;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a person declared, apart from the name: equal manifests make no new revision.
 *
 * @param body canonical JSON of the document without {@code apiVersion}, {@code kind}, {@code metadata} and
 *     {@code status}
 */
public record Manifest(SortedMap<String, String> labels, SortedMap<String, String> annotations, String body) {
    public Manifest {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
    }

    public static Manifest of(Map<String, String> labels, Map<String, String> annotations, String body) {
        return new Manifest(new TreeMap<>(labels), new TreeMap<>(annotations), body);
    }
}
