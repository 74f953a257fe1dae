package io.tulle.compile;

import io.tulle.model.policy.Authorization;
import io.tulle.model.policy.AuthorizationRule;
import io.tulle.model.world.AccessPolicy;
import io.tulle.model.world.Fleet;
import io.tulle.model.world.ResourceRef;
import io.tulle.model.world.SourceMatch;
import io.tulle.model.world.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lets through what proxies can carry out. A resource that admission would refuse today (an older version's store may hold
 * one) is left out alone: its host is compiled without it, and all others as if it were not there. A security policy that
 * cannot be made denies everybody whom it selects. Only what a change touches is compiled; what comes out depends on World and
 * Fleet alone, whatever was before.
 */
final class Sieve {
    private final Fleet fleet;
    private final Sound before;
    private final SortedMap<ResourceRef, String> leftOut = new TreeMap<>();
    private final SortedMap<String, String> hopeless = new TreeMap<>(); // hosts that no resource is to blame for

    private Sieve(Fleet fleet, Sound before) {
        this.fleet = fleet;
        this.before = before;
    }

    /**
     * One step.
     *
     * @param compiled by perspective, the destinations that were looked at
     * @param instances those that changed or stand behind something else than before
     */
    record Step(Sound now, Map<String, Set<String>> compiled, Set<String> instances) {}

    /** @param before what came through the moment before: what did not change since needs neither work nor a second trial */
    static Step sift(World declared, Fleet fleet, Sound before) {
        return new Sieve(fleet, before).sift(declared);
    }

    private Step sift(World declared) {
        var world = declared.with(judged(declared.accessPolicies()));
        while (true) {
            var attempt = new Attempt(world);
            var all = attempt.viewings();
            all.forEach(Viewing::compile);
            if (all.stream().allMatch(viewing -> viewing.failed.isEmpty())) return attempt.step(declared, all);
            all.forEach(viewing -> viewing.failed.forEach((host, why) -> blame(host, why, viewing)));
            world = world.without(leftOut::containsKey);
        }
    }

    private List<AccessPolicy> judged(List<AccessPolicy> policies) {
        if (policies.equals(before.declared())) {
            policies.forEach(policy -> Optional.ofNullable(before.leftOut().get(policy.source()))
                    .ifPresent(why -> leftOut.put(policy.source(), why)));
            return before.world().accessPolicies();
        }
        var proven = Set.copyOf(before.world().accessPolicies());
        return policies.stream()
                .flatMap(policy -> proven.contains(policy) ? Stream.of(policy) : orClosed(policy).stream())
                .toList();
    }

    /** Nothing in the place of one that is only tried: it never guarded anything. */
    private Optional<AccessPolicy> orClosed(AccessPolicy policy) {
        var failure = Trial.failure(() -> Trial.require(policy.authorization()));
        if (failure.isEmpty()) return Optional.of(policy);
        if (policy.authorization().dryRun()) {
            leftOut.put(policy.source(), failure.get());
            return Optional.empty();
        }
        leftOut.put(policy.source(), failure.get() + "; until it is mended its workloads are held closed");
        var everybody = new AuthorizationRule(List.of(), List.of());
        return Optional.of(new AccessPolicy(
                policy.source(),
                policy.selector(),
                new Authorization(policy.authorization().name(), Authorization.Action.DENY, List.of(everybody))));
    }

    /** Of the resources that speak of a host, those with which it fails: one by one they are tried on top of the others. */
    private void blame(String host, String why, Viewing viewing) {
        var suspects = viewing.attempt.world.speakingOf(host);
        var absent = new HashSet<>(suspects);
        if (failureOf(host, viewing, absent::contains).isPresent()) {
            hopeless.put(host, why);
            return;
        }
        for (var suspect : suspects) {
            absent.remove(suspect);
            failureOf(host, viewing, absent::contains).ifPresent(reason -> {
                absent.add(suspect);
                leftOut.put(suspect, reason);
            });
        }
        if (absent.isEmpty()) hopeless.put(host, why); // it fails no more: that cannot be, and must not go on for ever
    }

    private Optional<String> failureOf(String host, Viewing whole, Predicate<ResourceRef> absent) {
        var viewing = new Viewing(new Attempt(whole.attempt.world.without(absent)), whole.client, Optional.empty());
        return Trial.failure(() -> viewing.layer(host)
                .ifPresent(layer ->
                        layer.requireNoGap(other -> other.equals(host) ? Optional.of(layer) : whole.compiled(other))));
    }

    /** One World to be compiled. */
    private final class Attempt {
        private final World world;
        private final Directory.Step directory;
        private final Routings.Step routings;
        private final Impact impact;
        private final Set<String> absent;
        private final Set<String> distinct;
        private final Set<SourceMatch> sources;

        Attempt(World world) {
            this.world = world;
            this.directory = before.directory().then(world, fleet);
            this.routings = before.routings().then(world.routings());
            this.absent = Set.copyOf(hopeless.keySet());
            var known = new HashSet<>(before.hopeless().keySet());
            known.addAll(absent);
            this.impact = Impact.of(before.world(), world, directory, routings, known);
            this.distinct = impact.perspectives() ? Perspective.distinct(world) : before.distinct();
            this.sources = impact.perspectives() ? Perspective.sources(world) : before.sources();
        }

        /** That of most namespaces first, then one for each kind of clients there are that see something otherwise. */
        List<Viewing> viewings() {
            var common = new Viewing(this, Perspective.COMMON, Optional.empty());
            var all = new ArrayList<Viewing>();
            all.add(common);
            inhabited().forEach(namespace -> all.add(new Viewing(this, namespace, Optional.of(common))));
            return all;
        }

        private Set<String> inhabited() {
            if (distinct.isEmpty() && sources.isEmpty()) return distinct;
            var inhabited = fleet.instances().values().stream()
                    .map(instance -> Perspective.keyOf(instance, distinct, sources))
                    .collect(Collectors.toCollection(TreeSet::new));
            inhabited.remove(Perspective.COMMON);
            return inhabited;
        }

        Step step(World declared, List<Viewing> all) {
            var seen = new HashMap<String, Seen>();
            var compiled = new HashMap<String, Set<String>>();
            for (var viewing : all) {
                seen.put(viewing.client, viewing.seen());
                compiled.put(viewing.client, viewing.hosts);
            }
            var sound = new Sound(
                    world,
                    declared.accessPolicies(),
                    directory.now(),
                    routings.now(),
                    distinct,
                    sources,
                    seen,
                    leftOut,
                    hopeless);
            return new Step(sound, compiled, directory.instances());
        }
    }

    /** What clients of a namespace see of it. */
    private final class Viewing {
        private final Attempt attempt;
        private final String client;
        private final Optional<Viewing> common;
        private final Optional<Seen> last;
        private final Resolver resolver;
        private final Set<String> hosts = new HashSet<>(); // those that are compiled
        private final Map<String, DestinationLayer> layers;
        private final Map<String, Set<String>> asked = new HashMap<>();
        private final SortedMap<String, String> failed = new TreeMap<>();

        /** @param common what most others see, already compiled; empty for that itself */
        Viewing(Attempt attempt, String client, Optional<Viewing> common) {
            this.attempt = attempt;
            this.client = client;
            this.common = common;
            this.last = Optional.ofNullable(before.seen().get(client)).filter(_ -> !attempt.impact.everything());
            var perspective = last.map(Seen::perspective)
                    .filter(_ -> !attempt.impact.perspectives())
                    .orElseGet(() -> Perspective.of(attempt.world, client));
            this.resolver = new Resolver(
                    attempt.world.settings(),
                    attempt.directory.now(),
                    attempt.routings.now(),
                    perspective,
                    attempt.absent,
                    Set.of());
            this.layers = new HashMap<>(last.map(Seen::layers).orElse(Map.of()));
        }

        /** Compiles every host that the change touches, and finds those that fail. */
        void compile() {
            hosts.addAll(touched());
            for (var host : hosts) {
                layers.remove(host);
                Trial.failure(() -> layer(host).ifPresent(layer -> layers.put(host, layer)))
                        .ifPresent(why -> failed.put(host, why));
            }
            // Who leads to a destination that fails is not to blame for it: gaps are looked for once all others are
            // out.
            if (!failed.isEmpty()) return;
            for (var host : hosts) {
                compiled(host)
                        .flatMap(layer -> Trial.failure(() -> layer.requireNoGap(this::compiled)))
                        .ifPresent(why -> failed.put(host, why));
            }
        }

        private Set<String> touched() {
            if (last.isEmpty()) return Set.copyOf(resolver.hosts());
            var all = new HashSet<>(attempt.impact.touched());
            attempt.impact
                    .reshaped()
                    .forEach(host -> all.addAll(last.get().links().leadingTo(host)));
            return all;
        }

        /** What is equal to what was there, or to what most others see, is the same object. */
        Optional<DestinationLayer> layer(String host) {
            var noting = resolver.fresh();
            var bundle = new BundleCompiler(noting).compile(host);
            asked.put(host, noting.asked());
            var known = new ArrayList<DestinationLayer>();
            common.flatMap(viewing -> viewing.compiled(host)).ifPresent(known::add);
            last.flatMap(seen -> Optional.ofNullable(seen.layers().get(host))).ifPresent(known::add);
            return bundle.map(now -> known.stream()
                    .filter(layer -> layer.bundle().equals(now))
                    .findFirst()
                    .orElseGet(() -> new DestinationLayer(now, known)));
        }

        private Optional<DestinationLayer> compiled(String host) {
            return Optional.ofNullable(layers.get(host));
        }

        Seen seen() {
            return new Seen(
                    resolver.perspective(),
                    layers,
                    last.map(Seen::links).orElse(Links.NONE).with(asked));
        }
    }
}
