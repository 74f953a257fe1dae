package io.tulle.control.compile;

import io.tulle.model.ServiceName;
import io.tulle.model.policy.Authorization;
import io.tulle.model.policy.AuthorizationRule;
import io.tulle.model.world.AccessPolicy;
import io.tulle.model.world.Fleet;
import io.tulle.model.world.MeshSettings;
import io.tulle.model.world.ResourceRef;
import io.tulle.model.world.World;
import io.tulle.xds.spec.Spec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Lets through what proxies can carry out. A resource that admission would refuse today (an older version's store may hold
 * one) is left out alone: its host is compiled without it, and all others as if it were not there. A security policy that
 * cannot be made denies everybody whom it selects. Without such a resource everything is compiled once.
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
     * What came through.
     *
     * @param world without what is left out
     * @param common what clients of most namespaces see, by host
     * @param own the same for namespaces that see something otherwise
     * @param leftOut each resource that is not in force as written, and why
     * @param hopeless hosts that cannot be compiled whatever is left out, and why
     */
    record Sound(
            World world,
            Directory directory,
            Map<String, Bundle> common,
            Map<String, Map<String, Bundle>> own,
            SortedMap<ResourceRef, String> leftOut,
            SortedMap<String, String> hopeless) {
        static final Sound NOTHING = new Sound(
                World.empty(MeshSettings.DEFAULT),
                Directory.of(World.empty(MeshSettings.DEFAULT), Fleet.EMPTY),
                Map.of(),
                Map.of(),
                new TreeMap<>(),
                new TreeMap<>());

        Sound {
            hopeless = Collections.unmodifiableSortedMap(hopeless);
            leftOut = Collections.unmodifiableSortedMap(leftOut);
        }

        List<Bundle> seenFrom(String namespace) {
            return List.copyOf(own.getOrDefault(namespace, common).values());
        }
    }

    /** @param before what came through the moment before: what did not change since needs no second trial */
    static Sound sift(World declared, Fleet fleet, Sound before) {
        return new Sieve(fleet, before).sift(declared);
    }

    private Sound sift(World declared) {
        var proven = Set.copyOf(before.world().accessPolicies());
        var world = declared.with(declared.accessPolicies().stream()
                .map(policy -> proven.contains(policy) ? policy : orClosed(policy))
                .toList());
        while (true) {
            var attempt = new Attempt(world);
            var all = attempt.perspectives();
            all.forEach(Seen::compile);
            if (all.stream().allMatch(seen -> seen.failed.isEmpty())) return sound(attempt, all);
            all.forEach(seen -> seen.failed.forEach((host, why) -> blame(host, why, seen)));
            world = world.without(leftOut::containsKey);
        }
    }

    private Sound sound(Attempt attempt, List<Seen> all) {
        var common = all.getFirst().bundles;
        var own = all.stream()
                .skip(1)
                .collect(Collectors.toMap(seen -> seen.client, seen -> shared(common, seen.bundles)));
        return new Sound(attempt.world, attempt.directory, common, own, leftOut, hopeless);
    }

    /** What a namespace sees like all others is the same object. */
    private static Map<String, Bundle> shared(Map<String, Bundle> common, Map<String, Bundle> own) {
        var all = new LinkedHashMap<String, Bundle>();
        own.forEach((host, bundle) -> all.put(
                host,
                Optional.ofNullable(common.get(host)).filter(bundle::equals).orElse(bundle)));
        return all;
    }

    private AccessPolicy orClosed(AccessPolicy policy) {
        var failure = Trial.failure(() -> Trial.require(policy.authorization()));
        if (failure.isEmpty()) return policy;
        leftOut.put(policy.source(), failure.get() + "; until it is mended its workloads are held closed");
        var everybody = new AuthorizationRule(List.of(), List.of());
        return new AccessPolicy(
                policy.source(),
                policy.selector(),
                new Authorization(policy.authorization().name(), Authorization.Action.DENY, List.of(everybody)));
    }

    /** Of the resources that speak of a host, those with which it fails: one by one they are tried on top of the others. */
    private void blame(String host, String why, Seen seen) {
        var suspects = seen.attempt.world.speakingOf(host);
        var absent = new HashSet<>(suspects);
        if (failureOf(host, seen, absent::contains).isPresent()) {
            hopeless.put(host, why);
            return;
        }
        for (var suspect : suspects) {
            absent.remove(suspect);
            failureOf(host, seen, absent::contains).ifPresent(reason -> {
                absent.add(suspect);
                leftOut.put(suspect, reason);
            });
        }
        if (absent.isEmpty()) hopeless.put(host, why); // it fails no more: that cannot be, and must not go on for ever
    }

    private Optional<String> failureOf(String host, Seen whole, Predicate<ResourceRef> absent) {
        var seen = new Seen(new Attempt(whole.attempt.world.without(absent)), whole.client);
        return Trial.failure(() -> seen.compile(host).ifPresent(bundle -> {
            var defined = new HashSet<>(whole.defined);
            Trial.specs(bundle).forEach(spec -> defined.add(new Spec.Ref(spec.type(), spec.name())));
            Trial.requireNoGap(bundle, defined);
        }));
    }

    /** One World to be compiled. */
    private final class Attempt {
        private final World world;
        private final Directory directory;

        Attempt(World world) {
            this.world = world;
            this.directory = Directory.of(world, fleet);
        }

        /** That of most namespaces first, then one for each inhabited namespace that sees something otherwise. */
        List<Seen> perspectives() {
            var inhabited = fleet.instances().values().stream()
                    .map(instance -> instance.service().namespace())
                    .collect(Collectors.toCollection(TreeSet::new));
            inhabited.retainAll(Perspective.distinct(world));
            var all = new ArrayList<Seen>();
            all.add(new Seen(this, Perspective.COMMON));
            inhabited.forEach(namespace -> all.add(new Seen(this, namespace)));
            return all;
        }
    }

    /** What clients of a namespace see of it. */
    private final class Seen {
        private final Attempt attempt;
        private final String client;
        private final BundleCompiler compiler;
        private final Map<String, Bundle> last;
        private final Map<String, Bundle> bundles = new LinkedHashMap<>();
        private final Set<Spec.Ref> defined = new HashSet<>();
        private final SortedMap<String, String> failed = new TreeMap<>();

        Seen(Attempt attempt, String client) {
            this.attempt = attempt;
            this.client = client;
            Set<ServiceName> services = attempt.directory.services().keySet();
            var seen = Perspective.of(attempt.world, services, client);
            var directory = attempt.directory.seenThrough(seen).without(hopeless.keySet());
            this.compiler = new BundleCompiler(new Resolver(seen, directory));
            this.last = before.own().getOrDefault(client, before.common());
            defined.add(new Spec.Ref(Nowhere.CLUSTER.type(), Nowhere.NAME));
        }

        /** Compiles every host, and finds those that fail. */
        void compile() {
            for (var host : compiler.hosts()) {
                Trial.failure(() -> compile(host).ifPresent(this::take)).ifPresent(why -> failed.put(host, why));
            }
            bundles.forEach((host, bundle) ->
                    Trial.failure(() -> Trial.requireNoGap(bundle, defined)).ifPresent(why -> failed.put(host, why)));
        }

        Optional<Bundle> compile(String host) {
            var known = Optional.ofNullable(last.get(host));
            return compiler.compile(host)
                    .map(now -> known.filter(now::equals).orElseGet(() -> Trial.require(now, known)));
        }

        private void take(Bundle bundle) {
            for (var spec : Trial.specs(bundle)) {
                if (!defined.add(new Spec.Ref(spec.type(), spec.name())))
                    throw new IllegalArgumentException("another host has " + spec.name() + " already");
            }
            bundles.put(bundle.host(), bundle);
        }
    }
}
