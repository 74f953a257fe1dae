package io.tulle.compile;

import io.tulle.model.world.Scope;
import io.tulle.xds.codec.Resource;
import io.tulle.xds.layer.Demand;
import io.tulle.xds.layer.Shelf;
import io.tulle.xds.layer.Shelving;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What one node hears because it asked for it: destinations with all that they lead to, for each that it asked for the word that this
 * was all, and who its peers are. Immutable; the next is made of it by what differs.
 *
 * @param asked the destinations asked for that are inside of its scope
 * @param layers the destinations asked for, as far as the node sees any, and those that they lead to, by host
 * @param peers by id, of those asked for who are there
 * @param moment of the mesh, compared by identity
 */
record Selection(
        Clients clients,
        Optional<Scope> scope,
        Demand demand,
        Set<String> asked,
        Map<String, DestinationLayer> layers,
        Map<String, Resource> peers,
        Shelf shelf,
        Object moment) {

    /**
     * Looks all of it up.
     *
     * @param visible what its clients see, inside of the scope
     * @param peer who is there, of whoever is asked for
     */
    static Selection of(
            Clients clients,
            Optional<Scope> scope,
            Map<String, DestinationLayer> visible,
            Demand demand,
            Function<String, Optional<Resource>> peer,
            Object moment) {
        var asked = demand.hosts().stream().filter(visible::containsKey).collect(Collectors.toUnmodifiableSet());
        var layers = closure(visible, asked);
        var peers = new TreeMap<String, Resource>();
        demand.peers().forEach(id -> peer.apply(id).ifPresent(found -> peers.put(id, found)));
        return new Selection(clients, scope, demand, asked, layers, peers, Shelf.EMPTY, moment);
    }

    /** The same on a shelf: on that of the one before where nothing of it is another. */
    Selection shelvedAfter(Optional<Selection> before) {
        var shelving = new Shelving();
        var base = before.filter(each -> each.clients.equals(clients));
        if (base.isEmpty()) return with(shelving.move(Shelf.EMPTY, List.of(), heard(layers.keySet(), peers.keySet())));
        var old = base.get();
        var hosts = union(old.layers.keySet(), layers.keySet());
        hosts.removeIf(
                host -> old.layers.get(host) == layers.get(host) && old.asked.contains(host) == asked.contains(host));
        var ids = union(old.peers.keySet(), peers.keySet());
        ids.removeIf(id -> Objects.equals(old.peers.get(id), peers.get(id)));
        return with(shelving.move(old.shelf, old.heard(hosts, ids), heard(hosts, ids)));
    }

    /** Whether a change of these destinations may make it another. */
    boolean isTouchedBy(Set<String> hosts) {
        return hosts.stream()
                .anyMatch(host -> layers.containsKey(host) || demand.hosts().contains(host));
    }

    boolean isOf(Clients others, Optional<Scope> around, Demand wanted) {
        return clients.equals(others) && scope.equals(around) && demand.equals(wanted);
    }

    private Selection with(Shelf other) {
        return new Selection(clients, scope, demand, asked, layers, peers, other, moment);
    }

    Selection at(Object other) {
        return new Selection(clients, scope, demand, asked, layers, peers, shelf, other);
    }

    private List<Resource> heard(Set<String> hosts, Set<String> ids) {
        var all = new ArrayList<Resource>();
        for (var host : hosts) {
            var layer = layers.get(host);
            if (layer == null) continue;
            all.addAll(layer.resourcesIn(clients.namespace(), clients.capability()));
            if (asked.contains(host)) all.add(layer.word());
        }
        ids.forEach(id -> Optional.ofNullable(peers.get(id)).ifPresent(all::add));
        return all;
    }

    /** The destinations of these hosts, and those that they lead to. */
    static Map<String, DestinationLayer> closure(Map<String, DestinationLayer> all, Set<String> hosts) {
        var found = new HashMap<String, DestinationLayer>();
        var open = new ArrayDeque<>(hosts);
        while (!open.isEmpty()) {
            var host = open.poll();
            var layer = all.get(host);
            if (layer != null && found.putIfAbsent(host, layer) == null) open.addAll(layer.leadsTo());
        }
        return found;
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        var all = new HashSet<>(one);
        all.addAll(other);
        return all;
    }
}
