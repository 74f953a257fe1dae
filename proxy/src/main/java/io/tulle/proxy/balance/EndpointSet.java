package io.tulle.proxy.balance;

import io.tulle.model.policy.OutlierPolicy;
import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.spec.EndpointSpec.Health;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The endpoints of one cluster in one plan. The set itself never changes; which of its endpoints may be used does, as
 * they are ejected and come back, and each such change makes a new {@link Choices} at the next pick.
 */
public final class EndpointSet {
    public static final EndpointSet EMPTY = new EndpointSet(List.of(), 0, new Lineage());

    private final List<Endpoint> endpoints;
    private final int minHealthPercent;
    private final Lineage lineage;
    private volatile Choices choices;

    private EndpointSet(List<Endpoint> endpoints, int minHealthPercent, Lineage lineage) {
        this.endpoints = endpoints;
        this.minHealthPercent = minHealthPercent;
        this.lineage = lineage;
        this.choices = Choices.among(endpoints, minHealthPercent, lineage.changes.get());
    }

    /**
     * @param before the same cluster's set in the plan before; endpoints found there (by instance, address and port)
     *     keep their state. {@link #EMPTY} when there is none
     * @param minHealthPercent see {@link io.tulle.model.policy.OutlierPolicy#minHealthPercent()}; 0 without outlier
     *     detection
     */
    public static EndpointSet compile(List<EndpointSpec> specs, int minHealthPercent, EndpointSet before) {
        var known = new HashMap<Place, EndpointState>();
        before.endpoints.forEach(endpoint -> known.put(Place.of(endpoint.spec()), endpoint.state()));
        var byPlace = new TreeMap<Place, EndpointSpec>();
        specs.forEach(spec -> byPlace.merge(Place.of(spec), spec, (a, b) -> BETTER.compare(a, b) <= 0 ? a : b));
        var endpoints = byPlace.entrySet().stream()
                .map(e -> new Endpoint(e.getValue(), known.getOrDefault(e.getKey(), new EndpointState())))
                .toList();
        return new EndpointSet(endpoints, minHealthPercent, before == EMPTY ? new Lineage() : before.lineage);
    }

    /**
     * The same by the cluster's policy. Where outlier detection is not wanted any more, all that it had ejected come back
     * at once: nobody is left to let them in.
     */
    public static EndpointSet compile(List<EndpointSpec> specs, Optional<OutlierPolicy> outliers, EndpointSet before) {
        var set = compile(specs, outliers.map(OutlierPolicy::minHealthPercent).orElse(0), before);
        if (outliers.isEmpty()) {
            set.endpoints.stream().filter(e -> e.state().isEjected()).forEach(set::readmit);
        }
        return set;
    }

    /**
     * Notes which of them are new to something that was there before: those that the set before did not have, and those that it had
     * on their way out or not serving yet. Where it had none, nobody is newer than others.
     */
    public void noteArrivals(EndpointSet before, long nowNanos) {
        if (before.endpoints.isEmpty()) return;
        var serving = new HashSet<EndpointState>();
        before.endpoints.stream()
                .filter(endpoint -> endpoint.spec().health() != Health.DRAINING)
                .forEach(endpoint -> serving.add(endpoint.state()));
        if (serving.isEmpty()) return;
        endpoints.stream()
                .filter(endpoint -> endpoint.spec().health() != Health.DRAINING)
                .filter(endpoint -> !serving.contains(endpoint.state()))
                .forEach(endpoint -> endpoint.state().came(nowNanos));
    }

    /** All of them, usable or not, sorted by instance, address and port. */
    public List<Endpoint> endpoints() {
        return endpoints;
    }

    /** The one at a place, {@code 10.0.0.7:4000}, where something new may go to it. */
    public Optional<Endpoint> at(String place) {
        for (var endpoint : endpoints) {
            if (endpoint.isAt(place)) return endpoint.isOpen() ? Optional.of(endpoint) : Optional.empty();
        }
        return Optional.empty();
    }

    /** Leaves an endpoint out until {@link #readmit}; the outlier detector's to call. */
    public void eject(Endpoint endpoint, long nowNanos) {
        endpoint.state().eject(nowNanos);
        lineage.changes.incrementAndGet();
    }

    /** Lets it back in, its counters at zero. */
    public void readmit(Endpoint endpoint) {
        endpoint.state().readmit();
        lineage.changes.incrementAndGet();
    }

    /** Held by whoever decides on ejections: one lock for this set and those of the plans before and after. */
    public Lock ejecting() {
        return lineage.ejecting;
    }

    /** What may be chosen from at this moment. */
    Choices choices() {
        var current = choices;
        var latest = lineage.changes.get();
        if (current.madeAt() == latest) return current;
        // Two loops may both do this; both make the same, and the number read first can only be too old, never too new.
        var made = Choices.among(endpoints, minHealthPercent, latest);
        choices = made;
        return made;
    }

    /** Of two specs of one place the healthier counts, then the heavier: which came first never matters. */
    private static final Comparator<EndpointSpec> BETTER =
            Comparator.comparing(EndpointSpec::health).thenComparing(EndpointSpec::weight, Comparator.reverseOrder());

    /** What the sets of one cluster share, from plan to plan: an ejection concerns them all. */
    private static final class Lineage {
        private final AtomicInteger changes = new AtomicInteger();
        private final ReentrantLock ejecting = new ReentrantLock();
    }

    private record Place(String instance, String address, int port) implements Comparable<Place> {
        private static final Comparator<Place> ORDER = Comparator.comparing(Place::instance)
                .thenComparing(Place::address)
                .thenComparingInt(Place::port);

        static Place of(EndpointSpec spec) {
            return new Place(spec.instance(), spec.address(), spec.port());
        }

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }
    }
}
