package io.tulle.xds.stream;

import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.tulle.xds.Culprit;
import io.tulle.xds.XdsCode;
import io.tulle.xds.layer.Bundle;
import io.tulle.xds.layer.Demand;
import io.tulle.xds.spec.ResourceType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One client's delta ADS stream, as the server sees it. Not thread-safe: one thread at a time.
 *
 * <pre>
 *  heard(request) ─┐                       ┌─ additions: trust → clusters → endpoints → listeners → routes → destinations
 *                  ├─▶ next() ─▶ response ─┤    each waits until all before it are sent and answered
 *  offer(bundle) ──┘   (when the peer can  └─ removals, the other way round, when no addition is left
 *                       take one)
 * </pre>
 *
 * A type has at most one response without an answer. Endpoints by name do not wait for the answer about clusters. Names and peers' facts wait for nobody. Nothing is said while the bundle is
 * of before something that the client has asked for meanwhile: what is not in it may be on its way.
 */
public final class DeltaSession implements ServerSession<DeltaDiscoveryRequest, DeltaDiscoveryResponse> {
    private final Limits limits;
    private final Map<ResourceType, Interest> interests = new EnumMap<>(ResourceType.class);
    private final Greeting greeting = new Greeting();
    private Optional<Bundle> bundle = Optional.empty();
    private Optional<Settled> reported = Optional.empty();
    private List<Culprit> unplanned = List.of();
    private Demand demand = Demand.NOTHING;
    private boolean aimed; // whether all that is asked for is held against the newest bundle already
    private long nonces;

    public DeltaSession(Limits limits) {
        this.limits = limits;
    }

    @Override
    public void heard(DeltaDiscoveryRequest request) {
        greeting.heard(request.getNode());
        var type = ResourceType.ofUrl(request.getTypeUrl())
                .orElseThrow(() -> StreamRefused.invalid(
                        XdsCode.UNKNOWN_TYPE, "resources of type '" + request.getTypeUrl() + "' are not served"));
        var known = interests.get(type);
        if (known == null) {
            aimed = false;
            interests.put(type, Interest.first(type, request, limits));
            if (greeting.isTulle() && request.hasErrorDetail())
                unplanned = Nacks.decode(request.getErrorDetail()).unplanned();
        } else {
            var revised = greeting.isTulle() ? known.again(request) : Optional.<List<Culprit>>empty();
            known.later(request).or(() -> revised).ifPresent(culprits -> unplanned = culprits);
        }
        if (known == null || request.getResourceNamesSubscribeCount() + request.getResourceNamesUnsubscribeCount() > 0)
            demand = asked();
    }

    private Demand asked() {
        var destinations = Optional.ofNullable(interests.get(ResourceType.DESTINATION));
        var peers = Optional.ofNullable(interests.get(ResourceType.PEER));
        return new Demand(
                destinations.map(Interest::isOfAll).orElse(true),
                destinations.map(Interest::names).orElse(Set.of()),
                peers.map(Interest::names).orElse(Set.of()));
    }

    @Override
    public Demand demand() {
        return demand;
    }

    /** What the client shall hold from now on. */
    @Override
    public void offer(Bundle newest) {
        bundle = Optional.of(newest);
        aimed = false;
        reported =
                Optional.empty(); // something else may have been offered in between: whoever waits for this one hears
        // of it again
    }

    /** The node's id, once the first request has told it. */
    @Override
    public Optional<String> node() {
        return greeting.id();
    }

    /** The next response, if one may be sent now. Ask until empty, whenever something was heard, offered or taken. */
    @Override
    public Optional<DeltaDiscoveryResponse> next() {
        if (bundle.isEmpty() || !bundle.get().answers(demand)) return Optional.empty();
        var newest = bundle.get();
        aim(newest);
        var clear = true; // whether all types so far are sent and answered
        for (var entry : interests.entrySet()) {
            var type = entry.getKey();
            var interest = entry.getValue();
            var due = interest.hasAdditions();
            if (due && !interest.awaitsAnswer() && (clear || type.isApart() || isForWarming(type, interest))) {
                return Optional.of(add(newest, type, interest));
            }
            clear &= type.isApart() || (!due && !interest.awaitsAnswer());
        }
        return clear ? remove(newest) : Optional.empty();
    }

    /** Told once each time that the client has answered for everything in the newest bundle. */
    @Override
    public Optional<Settled> settled() {
        if (bundle.isEmpty() || !bundle.get().answers(demand) || !isComplete(bundle.get())) return Optional.empty();
        var newest = bundle.get();
        aim(newest);
        for (var interest : interests.values()) {
            if (interest.awaitsAnswer() || interest.hasAdditions()) return Optional.empty();
            if (!interest.removals().isEmpty()) return Optional.empty();
        }
        var culprits = new ArrayList<>(unplanned);
        interests.values().forEach(interest -> culprits.addAll(interest.culprits()));
        var now = Optional.of(new Settled(newest.version(), culprits));
        if (now.equals(reported)) return Optional.empty();
        reported = now;
        return now;
    }

    private void aim(Bundle newest) {
        if (aimed) return;
        aimed = true;
        interests.forEach((type, interest) -> interest.aim(newest.of(type)));
    }

    /** Whether the client has asked for all that it needs before it can be said to have a whole bundle. */
    private boolean isComplete(Bundle newest) {
        if (!greeting.isTulle()) {
            return interests.containsKey(ResourceType.CLUSTER) && interests.containsKey(ResourceType.LISTENER);
        }
        for (var type : newest.types()) {
            if (!type.isApart() && !type.isNamedOnly() && !interests.containsKey(type)) return false;
        }
        return true;
    }

    private DeltaDiscoveryResponse add(Bundle newest, ResourceType type, Interest interest) {
        var change = interest.additions();
        if (type == ResourceType.CLUSTER && !greeting.isTulle()) warmAgain(interest, change);
        return send(newest, type, interest, change);
    }

    /**
     * An Envoy answers for clusters only once they are warm, and the endpoints that it asks for by name are what warms them: if
     * these waited for that answer, it would take its 15 s of initial_fetch_timeout to go on.
     */
    private boolean isForWarming(ResourceType type, Interest interest) {
        return type == ResourceType.ENDPOINTS
                && !interest.isOfAll()
                && Optional.ofNullable(interests.get(ResourceType.CLUSTER))
                        .filter(Interest::awaitsAnswer)
                        .isPresent();
    }

    /** An Envoy that gets a changed cluster waits for its endpoints, though they did not change. */
    private void warmAgain(Interest clusters, Interest.Change change) {
        var endpoints = interests.get(ResourceType.ENDPOINTS);
        if (endpoints == null) return;
        change.added().stream()
                .filter(cluster -> clusters.holds(cluster.name()))
                .forEach(cluster -> endpoints.forget(cluster.name()));
    }

    private Optional<DeltaDiscoveryResponse> remove(Bundle newest) {
        for (var type : List.of(ResourceType.values()).reversed()) {
            var interest = interests.get(type);
            if (interest == null) continue;
            var gone = interest.removals();
            if (!gone.isEmpty()) {
                return Optional.of(send(newest, type, interest, new Interest.Change(List.of(), gone)));
            }
        }
        return Optional.empty();
    }

    private DeltaDiscoveryResponse send(Bundle newest, ResourceType type, Interest interest, Interest.Change change) {
        var nonce = Long.toString(++nonces);
        var response = DeltaDiscoveryResponse.newBuilder()
                .setTypeUrl(type.url())
                .setSystemVersionInfo(newest.version())
                .setNonce(nonce)
                .addAllRemovedResources(change.removed());
        for (var resource : change.added()) {
            response.addResourcesBuilder()
                    .setName(resource.name())
                    .setVersion(resource.version())
                    .setResource(resource.any());
        }
        interest.sent(nonce, change);
        return response.build();
    }
}
