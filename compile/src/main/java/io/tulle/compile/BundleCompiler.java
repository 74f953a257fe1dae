package io.tulle.compile;

import io.tulle.model.IpLiteral;
import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.SpiffeId;
import io.tulle.model.policy.DestinationPolicy;
import io.tulle.model.world.External;
import io.tulle.model.world.Instance;
import io.tulle.model.world.ServicePort;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.ClusterSpec.Security;
import io.tulle.xds.spec.ClusterSpec.Source;
import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.spec.EndpointsSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What all clients of a destination hear of it. */
record BundleCompiler(Resolver resolver) {

    /** What clients of a host hear; empty when nothing has that name. A service goes before an external of its name. */
    Optional<Bundle> compile(String host) {
        return resolver.service(host)
                .filter(entry -> entry.service().name().host().equals(host))
                .map(this::service)
                .or(() -> resolver.external(host).map(found -> external(host, found)));
    }

    private Bundle service(Directory.Entry entry) {
        var service = entry.service();
        var ports = service.ports().stream().map(port -> port(entry, port)).toList();
        return new Bundle(Optional.of(service.name()), service.name().host(), List.of(), service.addresses(), ports);
    }

    private Bundle.Port port(Directory.Entry entry, ServicePort port) {
        var name = entry.service().name();
        var clusters = new ArrayList<ClusterSpec>();
        var endpoints = new ArrayList<EndpointsSpec>();
        subsetsOf(name.host()).forEach((subset, labels) -> {
            var of = subset.isEmpty() ? Optional.<String>empty() : Optional.of(subset);
            var cluster = cluster(name, entry.members(), port, of);
            clusters.add(cluster);
            endpoints.add(endpoints(cluster.name(), port, entry.members(), labels));
        });
        var routes = new RouteCompiler(resolver);
        var connections = routes.connections(name.host(), port.port());
        return new Bundle.Port(
                port.port(),
                port.protocol(),
                routes.compile(name.host(), port.port()),
                connections,
                RouteCompiler.hashesSource(connections, resolver),
                clusters,
                endpoints);
    }

    /** The whole host under the empty name, and each subset with the labels that make it. */
    private Map<String, Map<String, String>> subsetsOf(String host) {
        var all = new TreeMap<String, Map<String, String>>();
        all.put("", Map.of());
        resolver.destination(host).ifPresent(d -> d.subsets().forEach((name, s) -> all.put(name, s.labels())));
        return all;
    }

    private ClusterSpec cluster(ServiceName name, List<Instance> members, ServicePort port, Optional<String> subset) {
        var policy = resolver.policies(name.host(), port.port(), subset);
        return new ClusterSpec(
                Names.outbound(name.host(), port.port(), subset),
                name.host(),
                new Source.Discovered(),
                port.protocol(),
                speech().inside(name, port.port(), identities(name, members), policy),
                policy);
    }

    /** Who may answer for the service: the accounts its members run as; before there is any, the one named after it. */
    private List<SpiffeId> identities(ServiceName name, List<Instance> members) {
        var domain = resolver.settings().trustDomain();
        var accounts = members.stream().map(member -> member.workload().account());
        return (members.isEmpty() ? Stream.of(name.name()) : accounts)
                .map(account -> SpiffeId.of(domain, name.namespace(), account))
                .toList();
    }

    private static EndpointsSpec endpoints(
            String name, ServicePort port, List<Instance> members, Map<String, String> labels) {
        return new EndpointsSpec(
                name,
                members.stream()
                        .filter(member ->
                                port.servedAt(member.workload().ports()).isPresent())
                        .filter(member ->
                                member.workload().selectable().entrySet().containsAll(labels.entrySet()))
                        .map(member -> new EndpointSpec(
                                member.id(),
                                member.workload().address(),
                                member.workload().meshPort(),
                                health(member, port),
                                1))
                        .toList());
    }

    /** A port that is not listened on yet, or not any more, gets nothing new; its instance is there all the same. */
    private static EndpointSpec.Health health(Instance member, ServicePort port) {
        var at = port.servedAt(member.workload().ports());
        if (at.isPresent() && member.workload().serving().closed().contains(at.getAsInt()))
            return EndpointSpec.Health.DRAINING;
        return switch (member.liveness()) {
            case LIVE -> EndpointSpec.Health.HEALTHY;
            case SUSPECT -> EndpointSpec.Health.DEGRADED;
        };
    }

    /** Another name of something: its ports, at its own clusters and under its own rules. */
    private Bundle alias(String host, External external) {
        var meant = resolver.meant(host);
        var ports = meant.flatMap(resolver::service)
                .map(entry -> entry.service().ports().stream()
                        .map(port -> alias(host, entry.service().name().host(), port.port(), port.protocol()))
                        .toList())
                .or(() -> meant.flatMap(resolver::external)
                        .map(outside -> outside.ports().stream()
                                .map(port -> alias(host, meant.orElseThrow(), port.number(), spoken(port)))
                                .toList()))
                .orElse(List.of());
        return new Bundle(ServiceName.ofHost(host), host, List.of(host), external.addresses(), ports);
    }

    private Bundle.Port alias(String host, String meant, int port, Protocol protocol) {
        var routes = new RouteCompiler(resolver);
        var connections = routes.connections(host, meant, port);
        return new Bundle.Port(
                port,
                protocol,
                routes.compile(host, meant, port),
                connections,
                RouteCompiler.hashesSource(connections, resolver),
                List.of(),
                List.of());
    }

    private static Protocol spoken(External.Port port) {
        return port.protocol() == Protocol.UNDECLARED ? Protocol.TCP : port.protocol();
    }

    private Bundle external(String host, External external) {
        if (external.alias().isPresent()) return alias(host, external);
        var ports = external.ports().stream()
                .map(port -> externalPort(host, external, port))
                .toList();
        return new Bundle(ServiceName.ofHost(host), host, List.of(host), external.addresses(), ports);
    }

    private Bundle.Port externalPort(String host, External external, External.Port port) {
        var clusters = new ArrayList<ClusterSpec>();
        subsetsOf(host).forEach((subset, labels) -> {
            var of = subset.isEmpty() ? Optional.<String>empty() : Optional.of(subset);
            clusters.add(externalCluster(host, external, port, of, labels));
        });
        var routes = new RouteCompiler(resolver);
        var connections = routes.connections(host, port.number());
        return new Bundle.Port(
                port.number(),
                clusters.getFirst().protocol(),
                routes.compile(host, port.number()),
                connections,
                RouteCompiler.hashesSource(connections, resolver),
                clusters,
                List.of());
    }

    private ClusterSpec externalCluster(
            String host, External external, External.Port port, Optional<String> subset, Map<String, String> labels) {
        var policy = resolver.destination(host)
                .map(d -> d.policyFor(port.number(), subset))
                .orElse(DestinationPolicy.NONE);
        var security = speech().outside(host, port.number(), external.subjectAltNames(), policy);
        return new ClusterSpec(
                Names.outbound(host, port.number(), subset),
                host,
                security.isPresent() ? source(host, external, port, labels) : new Source.Fixed(List.of()),
                spoken(port),
                security.orElseGet(Security.Plaintext::new),
                policy);
    }

    private Speech speech() {
        return new Speech(resolver.settings().trustDomain());
    }

    /**
     * Where the endpoints with these labels are; a subset that none carries has no endpoint. Where the caller chooses the address
     * by dialling it, labels choose nothing.
     */
    private static Source source(String host, External external, External.Port port, Map<String, String> labels) {
        return switch (external.resolutionOf(port)) {
            case External.Resolution.Static(var endpoints) ->
                new Source.Fixed(endpoints.stream()
                        .filter(e -> carries(e.labels(), labels))
                        .map(e -> place(host, e, port))
                        .toList());
            case External.Resolution.AsDialled _ -> dialled(host, external.addresses(), port.target());
            case External.Resolution.Alias _ -> new Source.Fixed(List.of()); // it has no port of its own
            case External.Resolution.Dns(var names) -> resolved(host, names, port, labels);
        };
    }

    private static Source resolved(
            String host, List<External.Endpoint> names, External.Port port, Map<String, String> labels) {
        var all = names.isEmpty() ? List.of(new External.Endpoint(host)) : names;
        var places = all.stream()
                .filter(name -> carries(name.labels(), labels))
                .map(name -> place(name.address(), name, port))
                .toList();
        return places.isEmpty() ? new Source.Fixed(List.of()) : new Source.Resolved(places);
    }

    private static EndpointSpec place(String name, External.Endpoint endpoint, External.Port port) {
        return new EndpointSpec(
                name, endpoint.address(), endpoint.listensAt(port), EndpointSpec.Health.HEALTHY, endpoint.weight());
    }

    /** Where nothing depends on what was dialled, it is said in a simpler way. */
    private static Source dialled(String host, List<String> addresses, int port) {
        if (addresses.isEmpty()) return new Source.Resolved(host, port);
        return addresses.size() == 1 && IpLiteral.isAddress(addresses.getFirst())
                ? new Source.Fixed(List.of(EndpointSpec.of(host, addresses.getFirst(), port)))
                : new Source.Dialled(host, port, addresses);
    }

    private static boolean carries(Map<String, String> own, Map<String, String> wanted) {
        return own.entrySet().containsAll(wanted.entrySet());
    }
}
