package io.tulle.control.compile;

import io.tulle.model.policy.Towards;
import io.tulle.model.world.Destination;
import io.tulle.model.world.World;
import java.util.Optional;
import java.util.OptionalInt;

/** Finds the cluster that a backend, as somebody wrote it, means. */
record Resolver(World world, Directory directory) {

    /** What DestinationRule says of a host; the first by name where several do (the checks report that). */
    Optional<Destination> destination(String host) {
        return world.destinations().stream().filter(d -> d.host().equals(host)).findFirst();
    }

    /** The name of the leg's cluster; empty when nothing in the mesh is meant, in which case its share of requests is refused. */
    Optional<String> cluster(Towards.Written backend, int dialled) {
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
        var ports = directory
                .service(backend.host())
                .map(entry ->
                        entry.service().ports().stream().mapToInt(p -> p.port()).toArray())
                .or(() -> Optional.ofNullable(directory.externals().get(backend.host()))
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
