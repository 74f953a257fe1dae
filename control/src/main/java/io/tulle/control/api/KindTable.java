package io.tulle.control.api;

import io.tulle.control.store.KindKey;
import io.tulle.dialects.kind.Kind;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Every kind that is served; of a kind that is served in several versions, the preferred one comes first. */
public record KindTable(List<ServedKind> kinds) {
    public KindTable {
        kinds = List.copyOf(kinds);
        var seen = new HashSet<String>();
        for (var kind : kinds) {
            var name = kind.kind() + " of " + kind.apiVersion();
            if (!seen.add(name)) throw new IllegalArgumentException(name + " is served twice");
        }
    }

    public Optional<ServedKind> at(String group, String version, String plural) {
        return kinds.stream()
                .filter(kind -> kind.group().equals(group)
                        && kind.version().equals(version)
                        && kind.plural().equals(plural))
                .findFirst();
    }

    public Optional<ServedKind> of(String apiVersion, String name) {
        return kinds.stream()
                .filter(kind ->
                        kind.apiVersion().equals(apiVersion) && kind.kind().equals(name))
                .findFirst();
    }

    public Map<KindKey, ServedKind> byKey() {
        return kinds.stream().collect(Collectors.toMap(ServedKind::key, Function.identity(), (first, _) -> first));
    }

    List<ServedKind> in(String group, String version) {
        return kinds.stream()
                .filter(kind -> kind.group().equals(group) && kind.version().equals(version))
                .toList();
    }

    /** Without the core group. */
    SortedSet<String> groups() {
        return kinds.stream()
                .map(ServedKind::group)
                .filter(group -> !group.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The preferred one first. */
    List<String> versions(String group) {
        return kinds.stream()
                .filter(kind -> kind.group().equals(group))
                .map(ServedKind::version)
                .distinct()
                .toList();
    }

    /** What the dialects read, as the API serves it: {@code KindTable.of(Kinds.all())}. */
    public static KindTable of(Collection<Kind> kinds) {
        return DialectKinds.table(kinds);
    }

    /** The kinds of the first delivery. */
    public static KindTable standard() {
        return new KindTable(List.of(
                ServedKind.of("v1", "Service", "services", "svc")
                        .showing(
                                Column.of("Ports", "spec.ports.port"),
                                Column.of("Selector", "spec.selector").onlyWide())
                        .merging(Merging.strategic(Map.of("spec.ports", "port", "status.conditions", "type"))),
                ServedKind.of("v1", "Namespace", "namespaces", "ns")
                        .clusterWide()
                        .merging(Merging.strategic(Map.of("status.conditions", "type"))),
                ServedKind.of("v1", "ConfigMap", "configmaps", "cm")
                        .showing(Column.of("Data", "data.#"))
                        .merging(Merging.strategic(Map.of())),
                ServedKind.of("v1", "Secret", "secrets")
                        .showing(Column.of("Type", "type"), Column.of("Data", "data.#"))
                        .merging(Merging.strategic(Map.of())),
                ServedKind.of("discovery.k8s.io/v1", "EndpointSlice", "endpointslices")
                        .showing(
                                Column.of("AddressType", "addressType"),
                                Column.of("Ports", "ports.port"),
                                Column.of("Endpoints", "endpoints.addresses"))
                        .merging(Merging.strategic(Map.of())),
                ServedKind.of("gateway.networking.k8s.io/v1", "HTTPRoute", "httproutes")
                        .showing(
                                Column.of("Hostnames", "spec.hostnames"), Column.of("Parents", "spec.parentRefs.name")),
                ServedKind.of("networking.istio.io/v1", "VirtualService", "virtualservices", "vs")
                        .showing(Column.of("Gateways", "spec.gateways"), Column.of("Hosts", "spec.hosts")),
                ServedKind.of("networking.istio.io/v1", "DestinationRule", "destinationrules", "dr")
                        .showing(Column.of("Host", "spec.host")),
                ServedKind.of("networking.istio.io/v1", "ServiceEntry", "serviceentries", "se")
                        .showing(
                                Column.of("Hosts", "spec.hosts"),
                                Column.of("Location", "spec.location"),
                                Column.of("Resolution", "spec.resolution")),
                ServedKind.of("networking.istio.io/v1", "WorkloadEntry", "workloadentries", "we")
                        .showing(Column.of("Address", "spec.address")),
                ServedKind.of("security.istio.io/v1", "PeerAuthentication", "peerauthentications", "pa")
                        .showing(Column.of("Mode", "spec.mtls.mode")),
                ServedKind.of("security.istio.io/v1", "AuthorizationPolicy", "authorizationpolicies", "ap")
                        .showing(Column.of("Action", "spec.action"))));
    }
}
