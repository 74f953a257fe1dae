package io.tulle.model.world;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is declared of the mesh's edge: doors for callers from outside, and what these need.
 *
 * @param gateways the older first
 * @param secrets by their resource
 * @param namespaces the labels of each that is declared
 */
public record Edge(
        List<Gateway> gateways,
        SortedMap<ResourceRef, TlsSecret> secrets,
        List<Grant> grants,
        SortedMap<String, SortedMap<String, String>> namespaces) {
    public static final Edge NONE = new Edge(List.of(), new TreeMap<>(), List.of(), new TreeMap<>());

    /** The label by which every namespace is known, as Kubernetes sets it. */
    private static final String NAME = "kubernetes.io/metadata.name";

    public Edge {
        gateways = gateways.stream()
                .sorted(Comparator.comparing(Gateway::created).thenComparing(Gateway::source))
                .toList();
        secrets = Collections.unmodifiableSortedMap(new TreeMap<>(secrets));
        grants = grants.stream().sorted(Comparator.comparing(Grant::source)).toList();
        namespaces = Collections.unmodifiableSortedMap(new TreeMap<>(namespaces));
    }

    /** The labels of a namespace, declared or not. */
    public Map<String, String> labelsOf(String namespace) {
        var all = new TreeMap<String, String>(namespaces.getOrDefault(namespace, Collections.emptySortedMap()));
        all.put(NAME, namespace);
        return all;
    }

    public Optional<Gateway> gateway(ResourceRef source) {
        return gateways.stream().filter(each -> each.source().equals(source)).findFirst();
    }

    /**
     * Whether somebody may refer to a resource, which those of its own namespace always may.
     *
     * @param namespace of what is referred to
     */
    public boolean allows(Grant.From who, String namespace, String group, String kind, String name) {
        return who.namespace().equals(namespace)
                || grants.stream()
                        .anyMatch(grant ->
                                grant.source().namespace().equals(namespace) && grant.allows(who, group, kind, name));
    }
}
