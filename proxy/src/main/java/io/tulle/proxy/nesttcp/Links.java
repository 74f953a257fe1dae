package io.tulle.proxy.nesttcp;

import io.tulle.proxy.balance.Endpoint;
import io.tulle.proxy.balance.EndpointSet;
import io.tulle.proxy.balance.EndpointState;
import io.tulle.proxy.plan.Cluster;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** One client's connections towards endpoints, opened when first needed, and which endpoint its events go to. */
final class Links {
    private final NestTcpDoor door;
    private final IdentityHashMap<EndpointState, Link> open = new IdentityHashMap<>();
    private final Set<Link> retired = new HashSet<>();
    private final Map<String, Home> homes = new HashMap<>();

    /** Where the events towards a cluster go, as of the plan that was asked last. */
    private record Home(EndpointSet among, Endpoint endpoint) {}

    Links(NestTcpDoor door) {
        this.door = door;
    }

    Link towards(Cluster cluster, Endpoint endpoint) {
        var there = open.get(endpoint.state());
        if (there != null && there.serves(cluster)) return there;
        if (there != null) retire(there);
        var made = new Link(door, cluster, endpoint);
        open.put(endpoint.state(), made);
        made.dial();
        return made;
    }

    /** The endpoint of before as long as the balancer could still choose it. */
    Optional<Endpoint> homeOfEvents(Cluster cluster) {
        var home = homes.get(cluster.spec().name());
        return home != null && isWell(home, cluster) ? Optional.of(home.endpoint()) : Optional.empty();
    }

    void homeOfEvents(Cluster cluster, Endpoint endpoint) {
        homes.put(cluster.spec().name(), new Home(cluster.endpoints(), endpoint));
    }

    private static boolean isWell(Home home, Cluster now) {
        if (home.endpoint().state().isEjected()) return false;
        if (home.among() == now.endpoints()) return true; // the plan is the same: so is its health
        return now.endpoints().endpoints().stream()
                .anyMatch(e -> e.isSamePlaceAs(home.endpoint())
                        && e.spec().health() == home.endpoint().spec().health());
    }

    void leaveHome(Endpoint endpoint) {
        homes.values().removeIf(home -> home.endpoint().isSamePlaceAs(endpoint));
    }

    /** It closed, or never opened. */
    void remove(Link link) {
        open.remove(link.endpoint().state(), link);
        retired.remove(link);
        leaveHome(link.endpoint());
    }

    /** It takes nothing new, and closes when what is in flight has ended. */
    void retire(Link link) {
        open.remove(link.endpoint().state(), link);
        leaveHome(link.endpoint());
        retired.add(link);
        dropIdleRetired();
    }

    void dropIdleRetired() {
        if (retired.isEmpty()) return;
        for (var link : List.copyOf(retired)) {
            if (!link.isIdle()) continue;
            retired.remove(link);
            link.close();
        }
    }

    boolean anyFull() {
        for (var link : open.values()) {
            if (link.isFull()) return true;
        }
        return false;
    }

    long unwritten() {
        return Stream.concat(open.values().stream(), retired.stream())
                .mapToLong(Link::unwritten)
                .sum();
    }

    boolean areIdle() {
        return open.values().stream().allMatch(Link::isIdle) && retired.stream().allMatch(Link::isIdle);
    }

    void read(boolean may) {
        open.values().forEach(link -> link.reads(may));
        retired.forEach(link -> link.reads(may));
    }

    void close() {
        List.copyOf(open.values()).forEach(Link::close);
        List.copyOf(retired).forEach(Link::close);
        open.clear();
        retired.clear();
        homes.clear();
    }
}
