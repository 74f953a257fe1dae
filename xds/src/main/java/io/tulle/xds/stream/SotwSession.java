package io.tulle.xds.stream;

import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.tulle.xds.Culprit;
import io.tulle.xds.XdsCode;
import io.tulle.xds.codec.Digest;
import io.tulle.xds.codec.Resource;
import io.tulle.xds.layer.Bundle;
import io.tulle.xds.layer.Demand;
import io.tulle.xds.layer.Rack;
import io.tulle.xds.spec.ResourceType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * One client's state-of-the-world ADS stream: each response carries everything of its type that the client asked for.
 * Same order across types as in {@link DeltaSession}; absence is the removal. Not thread-safe: one thread at a time.
 */
public final class SotwSession implements ServerSession<DiscoveryRequest, DiscoveryResponse> {
    private final Limits limits;
    private final Map<ResourceType, Asked> asked = new EnumMap<>(ResourceType.class);
    private final Greeting greeting = new Greeting();
    private Optional<Bundle> bundle = Optional.empty();
    private Optional<Settled> reported = Optional.empty();
    private long nonces;

    public SotwSession(Limits limits) {
        this.limits = limits;
    }

    @Override
    public void heard(DiscoveryRequest request) {
        greeting.heard(request.getNode());
        var type = ResourceType.ofUrl(request.getTypeUrl())
                .orElseThrow(() -> StreamRefused.invalid(
                        XdsCode.UNKNOWN_TYPE, "resources of type '" + request.getTypeUrl() + "' are not served"));
        asked.computeIfAbsent(type, Asked::new).heard(request);
    }

    @Override
    public void offer(Bundle newest) {
        bundle = Optional.of(newest);
        reported =
                Optional.empty(); // something else may have been offered in between: whoever waits for this one hears
        // of it again
    }

    /** It has no form for one who asks for destinations: they are told all at once. */
    @Override
    public Demand demand() {
        return new Demand(
                true,
                Set.of(),
                Optional.ofNullable(asked.get(ResourceType.PEER))
                        .<Set<String>>map(entry -> entry.names)
                        .orElse(Set.of()));
    }

    @Override
    public Optional<String> node() {
        return greeting.id();
    }

    /** The next response, if one may be sent now. */
    @Override
    public Optional<DiscoveryResponse> next() {
        if (bundle.isEmpty() || !bundle.get().answers(demand())) return Optional.empty();
        for (var entry : asked.values()) {
            if (entry.awaited.isPresent()) return entry.type == ResourceType.CLUSTER ? warming() : Optional.empty();
            var all = bundle.get().of(entry.type);
            if (entry.isDue(all)) return Optional.of(entry.respond(all, Long.toString(++nonces)));
        }
        return Optional.empty();
    }

    /** An Envoy answers for clusters only once their endpoints have warmed them: see {@link DeltaSession}. */
    private Optional<DiscoveryResponse> warming() {
        var endpoints = Optional.ofNullable(asked.get(ResourceType.ENDPOINTS));
        var all = bundle.orElseThrow().of(ResourceType.ENDPOINTS);
        return endpoints
                .filter(entry -> !entry.wildcard && entry.awaited.isEmpty() && entry.isDue(all))
                .map(entry -> entry.respond(all, Long.toString(++nonces)));
    }

    /** Told once each time that the client has answered for everything that it asked for of the newest bundle. */
    @Override
    public Optional<Settled> settled() {
        var complete = asked.containsKey(ResourceType.LISTENER) || asked.containsKey(ResourceType.CLUSTER);
        if (bundle.isEmpty() || !complete || !bundle.get().answers(demand())) return Optional.empty();
        var culprits = new ArrayList<Culprit>();
        for (var entry : asked.values()) {
            if (entry.awaited.isPresent() || entry.isDue(bundle.get().of(entry.type))) return Optional.empty();
            culprits.addAll(entry.refused);
        }
        var now = Optional.of(new Settled(bundle.get().version(), culprits));
        if (now.equals(reported)) return Optional.empty();
        reported = now;
        return now;
    }

    /** What the client asked for of one type, and what it was last sent. */
    private final class Asked {
        private final ResourceType type;
        private final Set<String> names = new TreeSet<>();
        private boolean wildcard;
        private boolean everNamed;
        private boolean owesAnswer = true;
        private Optional<String> awaited = Optional.empty();
        private String sent = "";
        private List<Resource> sentResources = List.of();
        private List<Culprit> refused = List.of();

        Asked(ResourceType type) {
            this.type = type;
        }

        void heard(DiscoveryRequest request) {
            var current = awaited.isEmpty() || awaited.get().equals(request.getResponseNonce());
            if (!current && !request.getResponseNonce().isEmpty()) return; // an older answer: a newer one follows
            if (awaited.isPresent() && current) {
                awaited = Optional.empty();
                refused = request.hasErrorDetail() ? culprits(request) : List.of();
            }
            var before = Set.copyOf(names);
            var all = wildcard;
            subscribe(request.getResourceNamesList());
            owesAnswer |= !before.containsAll(names) || (wildcard && !all);
        }

        private List<Resource> wanted(Rack all) {
            return wildcard
                    ? all.all()
                    : names.stream().flatMap(name -> all.find(name).stream()).toList();
        }

        /** Endpoints and routes that are not there are not answered: there is no form to say so. */
        boolean isDue(Rack all) {
            var isThere = wildcard ? !all.isEmpty() : names.stream().anyMatch(all::has);
            var answerable = isThere || type == ResourceType.LISTENER || type == ResourceType.CLUSTER;
            return answerable && (owesAnswer || !version(all).equals(sent));
        }

        DiscoveryResponse respond(Rack all, String nonce) {
            var wanted = wanted(all);
            owesAnswer = false;
            sent = version(all);
            sentResources = wanted;
            awaited = Optional.of(nonce);
            var response = DiscoveryResponse.newBuilder()
                    .setTypeUrl(type.url())
                    .setVersionInfo(sent)
                    .setNonce(nonce);
            wanted.forEach(resource -> response.addResources(resource.any()));
            return response.build();
        }

        private void subscribe(List<String> named) {
            limits.requireRoom(named.size());
            named.forEach(limits::requireName);
            names.clear();
            named.stream().filter(name -> !name.equals(Interest.WILDCARD)).forEach(names::add);
            everNamed |= !named.isEmpty();
            wildcard = named.contains(Interest.WILDCARD) || !everNamed; // no name ever: the older form of all
        }

        private List<Culprit> culprits(DiscoveryRequest nack) {
            var named = Nacks.decode(nack.getErrorDetail());
            if (!named.isEmpty())
                return Stream.concat(named.unread().stream(), named.unplanned().stream())
                        .toList();
            var message = nack.getErrorDetail().getMessage();
            return sentResources.stream()
                    .map(resource -> new Culprit(type, resource.name(), XdsCode.UNPLANNED.code(), message))
                    .toList();
        }

        private String version(Rack all) {
            if (wildcard) return all.version();
            var digested = new ArrayList<String>();
            for (var resource : wanted(all)) {
                digested.add(resource.name());
                digested.add(resource.version());
            }
            return Digest.of(digested);
        }
    }
}
