package io.tulle.control;

import io.tulle.control.api.Admission;
import io.tulle.control.push.Mesh;
import io.tulle.control.push.PushCode;
import io.tulle.control.store.ResourceKey;
import io.tulle.dialects.Checks;
import io.tulle.dialects.MessageChecks;
import io.tulle.dialects.PortChecks;
import io.tulle.dialects.ResourceReader;
import io.tulle.dialects.WorldReading;
import io.tulle.dialects.reader.Reader;
import io.tulle.dialects.resource.Resource;
import io.tulle.model.Problem;
import io.tulle.model.shared.SharedMap;
import io.tulle.model.world.Fleet;
import io.tulle.model.world.ResourceRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Judges a change as the proxies would feel it: what it declares must be readable, and the World with it must not have a
 * fault that the World without it lacks.
 */
public final class DialectAdmission implements Admission {
    private final Mesh mesh;
    private final AtomicReference<Announced> lately = new AtomicReference<>(Announced.by(SharedMap.empty()));

    public DialectAdmission(Mesh mesh) {
        this.mesh = mesh;
    }

    @Override
    public List<Problem> check(Proposal proposal) {
        var problems = new ArrayList<Problem>();
        var proposed = new ArrayList<Resource>();
        var touched = new HashSet<>(proposal.deletions());
        for (var candidate : proposal.candidates()) {
            touched.add(candidate.key());
            var read = ResourceReader.read(
                    new Reader().json(named(candidate.key()), candidate.document()),
                    candidate.key().namespace());
            problems.addAll(read.problems());
            proposed.addAll(read.resources());
        }
        if (!problems.isEmpty()) return problems;
        var before = mesh.declared().now();
        var after = new ArrayList<Resource>();
        before.resources().forEach((key, resource) -> {
            if (!touched.contains(key)) after.add(resource);
        });
        after.addAll(proposed);
        var fleet = mesh.fleet();
        var known = new HashSet<String>();
        faults(before.reading(), before.resources().values(), fleet).forEach(problem -> known.add(problem.message()));
        var reading = before.fold().then(0, after).reading();
        var found = new ArrayList<>(faults(reading, after, fleet).stream()
                .filter(problem -> !known.contains(problem.message()))
                .toList());
        if (found.stream().noneMatch(Problem::isError)) found.addAll(untellable(reading, proposed));
        return found;
    }

    /** What cannot be compiled and encoded: no check saw it, and no proxy could use it. */
    private List<Problem> untellable(WorldReading reading, List<Resource> proposed) {
        var places = new HashMap<ResourceRef, Problem.Place>();
        proposed.forEach(resource -> places.put(resource.ref(), resource.place()));
        var known = mesh.compiled().leftOut();
        return mesh.compiled().leftOutOf(reading.world()).entrySet().stream()
                .filter(entry -> !entry.getValue().equals(known.get(entry.getKey())))
                .map(entry -> {
                    var problem = PushCode.refused(entry.getKey(), entry.getValue());
                    return Optional.ofNullable(places.get(entry.getKey()))
                            .map(problem::at)
                            .orElse(problem);
                })
                .toList();
    }

    private List<Problem> faults(WorldReading reading, Collection<Resource> resources, Fleet fleet) {
        var announced = announcedBy(fleet);
        var all = new ArrayList<>(reading.problemsBeforeUse());
        all.addAll(Checks.run(reading.world(), resources, announced.services()));
        all.addAll(EmptySubsets.of(reading.world(), fleet));
        all.addAll(PortChecks.run(reading.world(), resources, announced.ports()));
        all.addAll(MessageChecks.run(reading.world(), resources, announced.ports()));
        return all;
    }

    /** Gathered once for all changes that come while the same instances run. */
    private Announced announcedBy(Fleet fleet) {
        return lately.updateAndGet(last -> last.isOf(fleet.instances()) ? last : Announced.by(fleet.instances()));
    }

    private static String named(ResourceKey key) {
        return key.namespace().isEmpty() ? key.name() : key.namespace() + "/" + key.name();
    }
}
