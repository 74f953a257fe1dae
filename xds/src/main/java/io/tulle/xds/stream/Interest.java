package io.tulle.xds.stream;

import com.google.rpc.Status;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.tulle.xds.Codes;
import io.tulle.xds.Culprit;
import io.tulle.xds.codec.Resource;
import io.tulle.xds.spec.ResourceType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one client has asked for and holds of one type, in delta xDS. {@code told} is what it has by our knowledge: a
 * version, or {@link #ABSENT} for a name that we said does not exist. A refused version counts as told: it is not sent
 * again until it changes.
 */
final class Interest {
    static final String WILDCARD = "*";
    private static final String ABSENT = "";

    private final ResourceType type;
    private final Limits limits;
    private final Set<String> names = new HashSet<>();
    private final Map<String, String> told = new HashMap<>();
    private final SortedMap<String, Culprit> refused = new TreeMap<>();
    private boolean wildcard;
    private boolean owesAnswer;
    private Optional<Outstanding> outstanding = Optional.empty();

    /** A response without an answer yet. */
    record Outstanding(String nonce, Set<String> names) {}

    private Interest(ResourceType type, Limits limits) {
        this.type = type;
        this.limits = limits;
    }

    /** From the first request of its type on a stream: no names at all mean everything (the older form of {@code *}). */
    static Interest first(ResourceType type, DeltaDiscoveryRequest request, Limits limits) {
        var interest = new Interest(type, limits);
        limits.requireRoom(request.getInitialResourceVersionsCount());
        interest.told.putAll(request.getInitialResourceVersionsMap());
        interest.told.keySet().forEach(limits::requireName);
        interest.wildcard = request.getResourceNamesSubscribeCount() == 0;
        interest.owesAnswer = interest.told.isEmpty();
        interest.subscribe(request.getResourceNamesSubscribeList(), true);
        if (!interest.wildcard) interest.told.keySet().retainAll(interest.names);
        return interest;
    }

    /**
     * A later request: subscriptions count whatever its nonce; an answer only to the response that is outstanding.
     *
     * @return when it was an answer: what the client could not make a plan of, nothing after an ACK
     */
    Optional<List<Culprit>> later(DeltaDiscoveryRequest request) {
        subscribe(request.getResourceNamesSubscribeList(), false);
        request.getResourceNamesUnsubscribeList().forEach(this::unsubscribe);
        var answered = outstanding.filter(each -> each.nonce().equals(request.getResponseNonce()));
        if (answered.isEmpty()) return Optional.empty();
        outstanding = Optional.empty();
        answered.get().names().forEach(refused::remove);
        if (!request.hasErrorDetail()) return Optional.of(List.of());
        var named = Nacks.decode(request.getErrorDetail());
        refused(answered.get(), request.getErrorDetail(), named);
        return Optional.of(named.unplanned());
    }

    /** Resources that the client lacks, and names that it asked for in vain, as many as fit in one response. */
    Change additions(SortedMap<String, Resource> all) {
        var added = new ArrayList<Resource>();
        var bytes = 0;
        for (var resource : wanted(all)) {
            if (resource.version().equals(told.get(resource.name()))) continue;
            if (bytes > 0 && bytes + resource.any().getSerializedSize() > limits.responseBytes()) break;
            bytes += resource.any().getSerializedSize();
            added.add(resource);
        }
        var absent = names.stream()
                .filter(name -> !all.containsKey(name) && !told.containsKey(name))
                .sorted()
                .toList();
        return new Change(added, absent);
    }

    boolean hasAdditions(SortedMap<String, Resource> all) {
        if (owesAnswer) return true;
        for (var resource : wanted(all)) {
            if (!resource.version().equals(told.get(resource.name()))) return true;
        }
        return names.stream().anyMatch(name -> !all.containsKey(name) && !told.containsKey(name));
    }

    /** Names that the client holds and that are no more. */
    List<String> removals(SortedMap<String, Resource> all) {
        return told.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(ABSENT) && !all.containsKey(entry.getKey()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    void sent(String nonce, Change change) {
        owesAnswer = false;
        var touched = new HashSet<String>();
        for (var resource : change.added()) {
            told.put(resource.name(), resource.version());
            touched.add(resource.name());
        }
        for (var name : change.removed()) {
            if (names.contains(name)) {
                told.put(name, ABSENT);
            } else {
                told.remove(name);
            }
            refused.remove(name);
        }
        outstanding = Optional.of(new Outstanding(nonce, touched));
    }

    /** Sends it again though it did not change: an Envoy whose cluster changed waits for its endpoints once more. */
    void forget(String name) {
        told.remove(name);
    }

    boolean holds(String name) {
        return !told.getOrDefault(name, ABSENT).equals(ABSENT);
    }

    boolean awaitsAnswer() {
        return outstanding.isPresent();
    }

    List<Culprit> culprits() {
        return List.copyOf(refused.values());
    }

    private Iterable<Resource> wanted(SortedMap<String, Resource> all) {
        if (wildcard) return all.values();
        return () ->
                names.stream().sorted().filter(all::containsKey).map(all::get).iterator();
    }

    private void subscribe(List<String> subscribed, boolean first) {
        for (var name : subscribed) {
            if (name.equals(WILDCARD)) {
                owesAnswer |= !wildcard && told.isEmpty();
                wildcard = true;
                continue;
            }
            limits.requireName(name);
            names.add(name);
            if (!first) told.remove(name); // who asks again is told again (xDS protocol, "Subscribing to resources")
        }
        limits.requireRoom(names.size());
    }

    private void unsubscribe(String name) {
        if (name.equals(WILDCARD)) {
            wildcard = false;
            told.keySet().retainAll(names);
            refused.keySet().retainAll(names);
        } else if (names.remove(name) && !wildcard) {
            told.remove(name);
            refused.remove(name);
        } else if (wildcard) {
            told.computeIfPresent(name, (_, _) -> "again"); // still covered: it is sent, or its end told, once more
        }
    }

    private void refused(Outstanding response, Status status, Nacks.Named named) {
        for (var culprit : named.unread()) {
            if (culprit.type() == type && response.names().contains(culprit.name())) {
                refused.put(culprit.name(), culprit);
            }
        }
        if (!named.isEmpty()) return;
        for (var name : response.names()) {
            refused.put(name, new Culprit(type, name, Codes.UNPLANNED, status.getMessage()));
        }
    }

    /** What one response carries. */
    record Change(List<Resource> added, List<String> removed) {
        static final Change NONE = new Change(List.of(), List.of());
    }
}
