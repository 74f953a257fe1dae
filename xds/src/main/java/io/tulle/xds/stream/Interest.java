package io.tulle.xds.stream;

import com.google.rpc.Status;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.tulle.xds.Culprit;
import io.tulle.xds.XdsCode;
import io.tulle.xds.codec.Resource;
import io.tulle.xds.layer.Rack;
import io.tulle.xds.spec.ResourceType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one client has asked for and holds of one type, in delta xDS. What it holds by our knowledge is the {@code base}, a rack that
 * it shares with all who hold the same, and what is {@code told} beside it: a version, {@link #ABSENT} for a name that we said does
 * not exist, {@link #UNTOLD} for one that it must hear of whatever the base says. As soon as it holds all that it should, that is
 * its base. A refused version counts as told: it is not sent again until it changes.
 */
final class Interest {
    static final String WILDCARD = "*";
    private static final String ABSENT = "";
    private static final String UNTOLD = "?";

    private final ResourceType type;
    private final Limits limits;
    private final Set<String> names = new HashSet<>();
    private final Map<String, String> told = new HashMap<>();
    private final SortedMap<String, Culprit> refused = new TreeMap<>();
    private final SortedSet<String> adding = new TreeSet<>(); // what it lacks, and what it asked for in vain
    private final SortedSet<String> removing = new TreeSet<>(); // what it holds and should not
    private Rack base = Rack.EMPTY;
    private Rack aim = Rack.EMPTY;
    private boolean wildcard;
    private boolean owesAnswer;
    private Optional<Outstanding> outstanding = Optional.empty();
    private String answered = ""; // the nonce of the last answer

    /** A response without an answer yet. */
    record Outstanding(String nonce, Set<String> names) {}

    private Interest(ResourceType type, Limits limits) {
        this.type = type;
        this.limits = limits;
    }

    /** From the first request of its type on a stream: no names at all mean everything (the older form of {@code *}). */
    static Interest first(ResourceType type, DeltaDiscoveryRequest request, Limits limits) {
        var interest = new Interest(type, limits);
        limits.requireRoomForVersions(request.getInitialResourceVersionsCount());
        interest.told.putAll(request.getInitialResourceVersionsMap());
        interest.told.keySet().forEach(limits::requireName);
        interest.wildcard = request.getResourceNamesSubscribeCount() == 0 && !type.isNamedOnly();
        interest.owesAnswer = interest.told.isEmpty();
        interest.subscribe(request.getResourceNamesSubscribeList(), true);
        if (!interest.wildcard) interest.told.keySet().retainAll(interest.names);
        interest.told.keySet().forEach(interest::judge);
        interest.names.forEach(interest::judge);
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
        var response = outstanding.filter(each -> each.nonce().equals(request.getResponseNonce()));
        if (response.isEmpty()) return Optional.empty();
        outstanding = Optional.empty();
        answered = request.getResponseNonce();
        response.get().names().forEach(refused::remove);
        if (!request.hasErrorDetail()) return Optional.of(List.of());
        var named = Nacks.decode(request.getErrorDetail());
        refused(response.get(), request.getErrorDetail(), named);
        return Optional.of(named.unplanned());
    }

    /**
     * Our sidecar's last answer once more, because what stood in the way is gone, or something does now: a port on which a door
     * could not be opened is free.
     *
     * @return when it was such an answer: what the client cannot make a plan of now
     */
    Optional<List<Culprit>> again(DeltaDiscoveryRequest request) {
        var isSame = answered.equals(request.getResponseNonce()); // none where nothing came on this stream
        if (!isSame || request.getResourceNamesSubscribeCount() + request.getResourceNamesUnsubscribeCount() > 0)
            return Optional.empty();
        return Optional.of(
                request.hasErrorDetail()
                        ? Nacks.decode(request.getErrorDetail()).unplanned()
                        : List.of());
    }

    /** What it should hold from now on, of what it asked for. */
    void aim(Rack newest) {
        if (newest.isSame(aim)) return;
        var differing = aim.differing(newest);
        aim = newest;
        differing.forEach(this::judge);
        settle();
    }

    /** Resources that the client lacks, and names that it asked for in vain, as many as fit in one response. */
    Change additions() {
        var added = new ArrayList<Resource>();
        var absent = new ArrayList<String>();
        var bytes = 0;
        var isFull = false;
        for (var name : adding) {
            var found = aim.find(name);
            if (found.isEmpty()) {
                absent.add(name);
                continue;
            }
            var size = found.get().any().getSerializedSize();
            isFull |= bytes > 0 && bytes + size > limits.responseBytes();
            if (isFull) continue;
            bytes += size;
            added.add(found.get());
        }
        return new Change(added, absent);
    }

    boolean hasAdditions() {
        return owesAnswer || !adding.isEmpty();
    }

    /** Names that the client holds and that are no more. */
    List<String> removals() {
        return List.copyOf(removing);
    }

    void sent(String nonce, Change change) {
        owesAnswer = false;
        var touched = new HashSet<String>();
        for (var resource : change.added()) {
            told.put(resource.name(), resource.version());
            touched.add(resource.name());
            judge(resource.name());
        }
        for (var name : change.removed()) {
            told.put(name, names.contains(name) ? ABSENT : UNTOLD);
            refused.remove(name);
            judge(name);
        }
        outstanding = Optional.of(new Outstanding(nonce, touched));
        settle();
    }

    /** Sends it again though it did not change: an Envoy whose cluster changed waits for its endpoints once more. */
    void forget(String name) {
        told.put(name, UNTOLD);
        judge(name);
    }

    /** What was asked for by name. */
    Set<String> names() {
        return names;
    }

    boolean isOfAll() {
        return wildcard;
    }

    boolean holds(String name) {
        return told(name).filter(version -> !version.equals(ABSENT)).isPresent();
    }

    boolean awaitsAnswer() {
        return outstanding.isPresent();
    }

    List<Culprit> culprits() {
        return List.copyOf(refused.values());
    }

    private Optional<String> told(String name) {
        var said = Optional.ofNullable(told.get(name));
        return said.isPresent()
                ? said.filter(version -> !version.equals(UNTOLD))
                : base.find(name).map(Resource::version);
    }

    private boolean covers(String name) {
        return wildcard || names.contains(name);
    }

    /** To be asked of a name whenever what is told of it, what it should be, or whether it was asked for may have changed. */
    private void judge(String name) {
        adding.remove(name);
        removing.remove(name);
        if (!covers(name)) return;
        var told = told(name);
        var now = aim.find(name).map(Resource::version);
        if (now.isPresent() ? !now.equals(told) : told.isEmpty() && names.contains(name)) adding.add(name);
        else if (now.isEmpty() && holds(name)) removing.add(name);
    }

    /** Where it holds all that it should, nothing needs to be remembered name by name but what it knows to be absent. */
    private void settle() {
        if (!adding.isEmpty() || !removing.isEmpty()) return;
        base = aim;
        told.values().removeIf(version -> !version.equals(ABSENT));
    }

    private void subscribe(List<String> subscribed, boolean first) {
        for (var name : subscribed) {
            if (name.equals(WILDCARD)) {
                if (!wildcard && !first) subscribeToAll();
                wildcard = true;
                continue;
            }
            limits.requireName(name);
            names.add(name);
            if (first) continue;
            told.put(name, UNTOLD); // who asks again is told again (xDS protocol, "Subscribing to resources")
            judge(name);
        }
        limits.requireRoom(names.size());
    }

    /** From here on the base speaks for everything, so it must not hold what was not asked for before. */
    private void subscribeToAll() {
        names.forEach(name -> told(name).ifPresent(version -> told.put(name, version)));
        told.keySet().retainAll(names);
        base = Rack.EMPTY;
        owesAnswer |= told.values().stream().allMatch(UNTOLD::equals);
        wildcard = true;
        aim.all().forEach(resource -> judge(resource.name()));
    }

    private void unsubscribe(String name) {
        if (name.equals(WILDCARD)) {
            wildcard = false;
            told.keySet().retainAll(names);
            refused.keySet().retainAll(names);
            adding.retainAll(names);
            removing.retainAll(names);
        } else if (names.remove(name) && !wildcard) {
            told.remove(name);
            refused.remove(name);
            judge(name);
        } else if (wildcard) {
            told(name).ifPresent(_ -> told.put(name, "again")); // still covered: it is sent, or its end told, once more
            judge(name);
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
            refused.put(name, new Culprit(type, name, XdsCode.UNPLANNED.code(), status.getMessage()));
        }
    }

    /** What one response carries. */
    record Change(List<Resource> added, List<String> removed) {}
}
