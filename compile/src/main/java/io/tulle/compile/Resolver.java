package io.tulle.compile;

import io.tulle.model.ServiceName;
import io.tulle.model.policy.Balancing;
import io.tulle.model.policy.DestinationPolicy;
import io.tulle.model.policy.HashKey;
import io.tulle.model.policy.PolicySet;
import io.tulle.model.policy.Towards;
import io.tulle.model.world.Destination;
import io.tulle.model.world.External;
import io.tulle.model.world.MeshSettings;
import io.tulle.model.world.Routing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Finds what a host means to clients of one perspective, and the cluster that a backend, as somebody wrote it, means.
 *
 * @param absent hosts that do not exist, whatever is declared
 * @param asked collects the hosts that backends name, because their ports and subsets decide how they resolve
 */
record Resolver(
        MeshSettings settings,
        Directory directory,
        Routings routings,
        Perspective perspective,
        Set<String> absent,
        Set<String> asked) {

    /** The same for one destination, with a note of its own of what is asked. */
    Resolver fresh() {
        return new Resolver(settings, directory, routings, perspective, absent, new HashSet<>());
    }

    /** Every destination of the mesh, services first, each sorted by name. */
    List<String> hosts() {
        var all = new ArrayList<String>();
        directory.services().values().stream()
                .map(Directory.Entry::service)
                .filter(service -> perspective.sees(service.exportedTo()))
                .forEach(service -> all.add(service.name().host()));
        perspective.externals().keySet().stream()
                .filter(host -> !directory.isService(host))
                .forEach(all::add);
        all.removeAll(absent);
        return all;
    }

    /** The service that a host names, where the client sees it. */
    Optional<Directory.Entry> service(String host) {
        return directory
                .service(host)
                .filter(entry -> perspective.sees(entry.service().exportedTo()))
                .filter(entry -> absent.isEmpty()
                        || !absent.contains(entry.service().name().host()));
    }

    /** What lies outside under a host, where no service of the mesh has that name. */
    Optional<External> external(String host) {
        return Optional.ofNullable(perspective.externals().get(host))
                .filter(_ -> !absent.contains(host) && !directory.isService(host));
    }

    /**
     * What a host is in the end another name of, to these clients; itself where it is no alias, empty where aliases go round
     * in a circle.
     */
    Optional<String> meant(String host) {
        var seen = new HashSet<String>();
        var at = host;
        while (seen.add(at)) {
            asked.add(at);
            var next = external(at).flatMap(External::alias);
            if (next.isEmpty()) return Optional.of(at);
            at = next.get();
        }
        return Optional.empty();
    }

    /** What holds for a host, by DestinationRule. */
    Optional<Destination> destination(String host) {
        return service(host)
                .map(entry -> entry.service().name())
                .filter(name -> name.host().equals(host))
                .map(ServiceName::namespace)
                .or(() -> external(host).map(external -> external.source().namespace()))
                .flatMap(owner -> perspective.destination(host, owner));
    }

    /** What policies hold towards a cluster of a name that {@link Names#outbound} makes; none for any other. */
    private PolicySet<DestinationPolicy> policies(String cluster) {
        var parts = cluster.split("\\|", 4);
        if (parts.length < 4 || !parts[0].equals("outbound")) return DestinationPolicy.NONE;
        var subset = parts[2].isEmpty() ? Optional.<String>empty() : Optional.of(parts[2]);
        return policies(parts[3], Integer.parseInt(parts[1]), subset);
    }

    /** What holds towards a port of a host: what its DestinationRule says, and else what the service does. */
    PolicySet<DestinationPolicy> policies(String host, int port, Optional<String> subset) {
        var written =
                destination(host).map(found -> found.policyFor(port, subset)).orElse(DestinationPolicy.NONE);
        return service(host)
                .flatMap(entry -> entry.service().balancing())
                .map(usual -> DestinationPolicy.NONE.with(usual).overriddenBy(written))
                .orElse(written);
    }

    /** What of a request decides among a cluster's endpoints, where that is the request's to say. */
    Optional<HashKey> hashKey(String cluster) {
        return policies(cluster).of(Balancing.class).flatMap(Balancing::hashKey);
    }

    /** The rules that speak of a host and that the client sees, those that hold before others first. */
    List<Routing> speakingOf(String host) {
        return routings.speakingOf(host).stream()
                .filter(routing -> perspective.sees(routing.exportedTo()))
                .sorted(Comparator.comparingInt(perspective::nearness))
                .toList();
    }

    /** The name of the leg's cluster; empty when nothing in the mesh is meant, in which case its share of requests is refused. */
    Optional<String> cluster(Towards.Written backend, int dialled) {
        asked.add(backend.host());
        ServiceName.parse(backend.host(), "default").ifPresent(name -> asked.add(name.host()));
        return meant(backend.host())
                .flatMap(host -> known(new Towards.Written(host, backend.port(), backend.subset()), dialled));
    }

    private Optional<String> known(Towards.Written backend, int dialled) {
        if (backend.subset().isPresent()) {
            var known = destination(backend.host())
                    .map(d -> d.subsets().containsKey(backend.subset().get()));
            if (!known.orElse(false)) return Optional.empty();
        }
        var port = port(backend, dialled);
        if (port.isEmpty()) return Optional.empty();
        return Optional.of(Names.outbound(backend.host(), port.getAsInt(), backend.subset()));
    }

    private OptionalInt port(Towards.Written backend, int dialled) {
        var ports = service(backend.host())
                .map(entry ->
                        entry.service().ports().stream().mapToInt(p -> p.port()).toArray())
                .or(() -> external(backend.host())
                        .map(external -> external.ports().stream()
                                .mapToInt(p -> p.number())
                                .toArray()));
        if (ports.isEmpty()) return OptionalInt.empty();
        var wanted = backend.port().orElse(dialled);
        for (var port : ports.get()) {
            if (port == wanted) return OptionalInt.of(port);
        }
        // Not said and not the one dialled: the only port there is can be meant, one of several cannot.
        return backend.port().isEmpty() && ports.get().length == 1
                ? OptionalInt.of(ports.get()[0])
                : OptionalInt.empty();
    }
}
