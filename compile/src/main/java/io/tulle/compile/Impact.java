package io.tulle.compile;

import io.tulle.model.world.Destination;
import io.tulle.model.world.External;
import io.tulle.model.world.Routing;
import io.tulle.model.world.Service;
import io.tulle.model.world.World;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which destinations a change touches. What is not among them is as it was.
 *
 * @param touched those whose own layer may change
 * @param reshaped those of which ports, subsets or the mere existence may change, so that rules that lead to them may as well
 * @param perspectives whether namespaces may see something otherwise than before: DestinationRules or ServiceEntries changed
 * @param everything whether all of it is to be compiled
 */
record Impact(Set<String> touched, Set<String> reshaped, boolean perspectives, boolean everything) {

    static Impact of(World before, World now, Directory.Step directory, Routings.Step routings, Set<String> hopeless) {
        var touched = new HashSet<String>(routings.hosts());
        var reshaped = new HashSet<String>(hopeless);
        directory.changed().forEach(name -> touched.add(name.host()));
        directory.reshaped().forEach(name -> reshaped.add(name.host()));
        var externals = Difference.of(before.externals(), now.externals());
        externals.all().stream().map(External::hosts).forEach(reshaped::addAll);
        var destinations = Difference.of(before.destinations(), now.destinations());
        reshaped.addAll(spokenOf(destinations.all(), directory, now));
        touched.addAll(reshaped);
        touched.addAll(aliasesOf(touched, now));
        return new Impact(
                touched,
                reshaped,
                !externals.isNothing() || !destinations.isNothing() || exportsMoved(before, now, directory),
                !before.settings().equals(now.settings()));
    }

    /** Other names of what is touched: they are under its rules. */
    private static Set<String> aliasesOf(Set<String> touched, World now) {
        var aliases = now.externals().stream()
                .filter(external -> external.alias().isPresent())
                .toList();
        var found = new HashSet<String>();
        boolean more;
        do {
            more = false;
            for (var alias : aliases) {
                var meant = alias.alias().orElseThrow();
                if (touched.contains(meant) || found.contains(meant)) more |= found.addAll(alias.hosts());
            }
        } while (more);
        return found;
    }

    /** Whether a Service or a rule changed that only some clients see. */
    private static boolean exportsMoved(World before, World now, Directory.Step directory) {
        var services = Stream.of(before, now)
                .flatMap(world -> directory.reshaped().stream().map(world.services()::get))
                .filter(Objects::nonNull)
                .map(Service::exportedTo);
        var routings = Difference.of(before.routings(), now.routings()).all();
        return Stream.concat(services, routings.stream().map(Routing::exportedTo))
                        .anyMatch(exportedTo -> !exportedTo.everywhere())
                || routings.stream().flatMap(Routing::sources).findAny().isPresent();
    }

    private static Set<String> spokenOf(List<Destination> destinations, Directory.Step directory, World now) {
        var hosts = new HashSet<String>();
        for (var destination : destinations) {
            if (!destination.isOfMany()) {
                hosts.add(destination.host());
                continue;
            }
            directory.now().services().keySet().stream()
                    .map(name -> name.host())
                    .filter(destination::speaksOf)
                    .forEach(hosts::add);
            now.externals().stream()
                    .flatMap(external -> external.hosts().stream())
                    .filter(destination::speaksOf)
                    .forEach(hosts::add);
        }
        return hosts;
    }
}
