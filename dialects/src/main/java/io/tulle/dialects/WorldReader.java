package io.tulle.dialects;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.kind.Contribution;
import io.tulle.dialects.kind.Hosts;
import io.tulle.dialects.reader.Json;
import io.tulle.dialects.reader.Node;
import io.tulle.dialects.resource.Resource;
import io.tulle.model.Problem;
import io.tulle.model.ServiceName;
import io.tulle.model.world.AccessPolicy;
import io.tulle.model.world.Destination;
import io.tulle.model.world.Edge;
import io.tulle.model.world.External;
import io.tulle.model.world.Gateway;
import io.tulle.model.world.Grant;
import io.tulle.model.world.MeshSettings;
import io.tulle.model.world.PeerPolicy;
import io.tulle.model.world.ResourceRef;
import io.tulle.model.world.Routing;
import io.tulle.model.world.Scope;
import io.tulle.model.world.Service;
import io.tulle.model.world.TlsSecret;
import io.tulle.model.world.World;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The World as a pure fold of a revision's resources, the same in whatever order they come. A resource with an error is
 * left out and told, the others stay; a security policy with an error is held closed instead.
 */
public final class WorldReader {
    private final TreeMap<ServiceName, Service> services = new TreeMap<>();
    private final List<External> externals = new ArrayList<>();
    private final Selecting selecting = new Selecting();
    private final List<Routing> routings = new ArrayList<>();
    private final List<Destination> destinations = new ArrayList<>();
    private final List<PeerPolicy> peers = new ArrayList<>();
    private final List<AccessPolicy> access = new ArrayList<>();
    private final List<Gateway> gateways = new ArrayList<>();
    private final TreeMap<ResourceRef, TlsSecret> secrets = new TreeMap<>();
    private final List<Grant> grants = new ArrayList<>();
    private final TreeMap<String, SortedMap<String, String>> namespaces = new TreeMap<>();

    private final List<Scope> scopes = new ArrayList<>();

    private WorldReader() {}

    public static WorldReading read(long revision, MeshSettings settings, Collection<Resource> resources) {
        return fold(revision, settings, resources, Decodings.NONE).reading();
    }

    static WorldFold fold(long revision, MeshSettings settings, Collection<Resource> resources, Decodings before) {
        var problems = new ArrayList<Problem>();
        var each = distinct(resources, problems);
        var decodings = before.next(settings, new Hosts(externalHosts(each)), each);
        var reader = new WorldReader();
        var leftOut = new TreeMap<ResourceRef, Problem>();
        for (var resource : each) {
            var decoding = decodings.of(resource);
            problems.addAll(decoding.problems());
            decoding.problems().stream()
                    .filter(Problem::isError)
                    .findFirst()
                    .ifPresent(error -> leftOut.put(resource.ref(), error));
            decoding.contributions().forEach(reader::add);
        }
        problems.addAll(reader.selecting.problems());
        reader.externals.addAll(reader.selecting.externals());
        var reading = new WorldReading(reader.world(revision, settings), sorted(problems), leftOut);
        return new WorldFold(settings, reading, decodings);
    }

    /** Problems by file, line and code. */
    static List<Problem> sorted(Collection<Problem> problems) {
        var byPlace = Comparator.comparing(
                        (Problem p) -> p.where().map(Problem.Place::file).orElse(""))
                .thenComparing(p -> p.where().map(Problem.Place::line).orElse(0))
                .thenComparing(p -> p.where().map(Problem.Place::column).orElse(0))
                .thenComparing(Problem::code)
                .thenComparing(Problem::message);
        return problems.stream().sorted(byPlace).distinct().toList();
    }

    /** Sorted by name; of two with one name, one and the same whatever order they came in. */
    private static List<Resource> distinct(Collection<Resource> resources, List<Problem> problems) {
        var byRef = Comparator.comparing(Resource::ref)
                .thenComparing(Resource::apiVersion)
                .thenComparing(resource -> Json.canonical(resource.toNode()));
        var seen = new HashMap<ResourceRef, Resource>();
        var each = new ArrayList<Resource>();
        for (var resource : resources.stream().sorted(byRef).toList()) {
            var first = seen.putIfAbsent(resource.ref(), resource);
            if (first == null) {
                each.add(resource);
            } else {
                problems.add(Codes.DUPLICATE_RESOURCE
                        .problem(resource.ref() + " is written twice, also at " + first.place())
                        .at(resource.place()));
            }
        }
        return each;
    }

    /** Hosts that ServiceEntries declare: they decide how other resources' names resolve, so they are looked at first. */
    private static SortedSet<String> externalHosts(List<Resource> resources) {
        var namespaces = resources.stream()
                .map(r -> r.kind().equals("Namespace") ? r.name() : r.namespace())
                .collect(Collectors.toSet());
        var hosts = new TreeSet<String>();
        for (var resource : resources) {
            if (!resource.kind().equals("ServiceEntry")) continue;
            if (resource.content().at("spec", "hosts").orElse(Node.Mapping.EMPTY)
                    instanceof Node.Sequence(var _, var items)) {
                for (var item : items) {
                    if (!(item instanceof Node.Text(var _, var host))) continue;
                    Hosts.declared(host, resource.namespace(), namespaces).ifPresent(hosts::add);
                }
            }
        }
        return hosts;
    }

    private void add(Contribution contribution) {
        switch (contribution) {
            case Contribution.OfService(var service) -> services.put(service.name(), service);
            case Contribution.OfExternal(var external) -> externals.add(external);
            case Contribution.OfSelecting one -> selecting.add(one);
            case Contribution.OfPlace place -> selecting.add(place);
            case Contribution.OfRouting(var routing) -> routings.add(routing);
            case Contribution.OfDestination(var destination) -> destinations.add(destination);
            case Contribution.OfPeers(var policy) -> peers.add(policy);
            case Contribution.OfScope(var scope) -> scopes.add(scope);
            case Contribution.OfAccess(var policy) -> access.add(policy);
            case Contribution.OfGateway(var gateway) -> gateways.add(gateway);
            case Contribution.OfSecret(var secret) -> secrets.put(secret.source(), secret);
            case Contribution.OfGrant(var grant) -> grants.add(grant);
            case Contribution.OfNamespace(var name, var labels) -> namespaces.put(name, labels);
        }
    }

    private World world(long revision, MeshSettings settings) {
        return new World(
                revision,
                settings,
                services,
                externals,
                routings,
                destinations,
                peers,
                access,
                new Edge(gateways, secrets, grants, namespaces),
                scopes);
    }
}
