package io.tulle.proxy.balance;

import io.tulle.xds.spec.EndpointSpec;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The endpoints of one cluster in one plan. The set itself never changes; which of its endpoints may be used does, as
 * they are ejected and come back, and each such change makes a new {@link Choices} at the next pick.
 */
public final class EndpointSet {
    public static final EndpointSet EMPTY = new EndpointSet(List.of(), 0, new AtomicInteger());

    private final List<Endpoint> endpoints;
    private final int minHealthPercent;
    private final AtomicInteger changes; // shared with the sets before and after: an ejection concerns them all
    private volatile Choices choices;

    private EndpointSet(List<Endpoint> endpoints, int minHealthPercent, AtomicInteger changes) {
        this.endpoints = endpoints;
        this.minHealthPercent = minHealthPercent;
        this.changes = changes;
        this.choices = Choices.among(endpoints, minHealthPercent, changes.get());
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
        return new EndpointSet(endpoints, minHealthPercent, before == EMPTY ? new AtomicInteger() : before.changes);
    }

    /** All of them, usable or not, sorted by instance, address and port. */
    public List<Endpoint> endpoints() {
        return endpoints;
    }

    /** Leaves an endpoint out until {@link #readmit}; the outlier detector's to call. */
    public void eject(Endpoint endpoint, long nowNanos) {
        endpoint.state().eject(nowNanos);
        changes.incrementAndGet();
    }

    /** Lets it back in, its counters at zero. */
    public void readmit(Endpoint endpoint) {
        endpoint.state().readmit();
        changes.incrementAndGet();
    }

    /** What may be chosen from at this moment. */
    Choices choices() {
        var current = choices;
        var latest = changes.get();
        if (current.madeAt() == latest) return current;
        // Two loops may both do this; both make the same, and the number read first can only be too old, never too new.
        var made = Choices.among(endpoints, minHealthPercent, latest);
        choices = made;
        return made;
    }

    /** Of two specs of one place the healthier counts, then the heavier: which came first never matters. */
    private static final Comparator<EndpointSpec> BETTER =
            Comparator.comparing(EndpointSpec::health).thenComparing(EndpointSpec::weight, Comparator.reverseOrder());

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
