package io.tulle.xds.stream;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.tulle.xds.Culprit;
import io.tulle.xds.XdsCode;
import io.tulle.xds.codec.Codec;
import io.tulle.xds.codec.Decoded;
import io.tulle.xds.spec.DestinationSpec;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.Snapshot;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our proxy's side of delta ADS. Asks for the names of all destinations, and for everything of those that it wants. Holds the last good resource of each name across reconnects; whatever it hands on is
 * closed and whole. Not thread-safe: one thread at a time.
 */
public final class ClientSession {
    private static final List<ResourceType> WHOLE = List.of(
            ResourceType.SECRET,
            ResourceType.CLUSTER,
            ResourceType.ENDPOINTS,
            ResourceType.LISTENER,
            ResourceType.ROUTES,
            ResourceType.NAME);

    /** The version of a destination that is nowhere, as the server keeps it too. */
    private static final String NOWHERE = "";

    private static final Logger LOG = LoggerFactory.getLogger(ClientSession.class);

    private final Node node;
    private final SnapshotListener listener;
    private final Holdings holdings = new Holdings();
    private final Set<String> peers = new TreeSet<>();
    private final Set<String> wanted = new TreeSet<>(); // destinations
    private final Set<ResourceType> answered = EnumSet.noneOf(ResourceType.class);
    private Optional<Snapshot> applied = Optional.empty();
    private Optional<Closure> closure = Optional.empty(); // of what was held when it was looked at last
    private List<Culprit> unplanned = List.of(); // of what was handed on last
    private boolean isOpen; // whether a stream has begun
    private DeltaDiscoveryRequest lastAnswer = DeltaDiscoveryRequest.getDefaultInstance(); // without its refusals

    /** @param version the sidecar's, which the server is told */
    public ClientSession(String id, String version, SnapshotListener listener) {
        var metadata = Struct.newBuilder()
                .putFields("VERSION", Value.newBuilder().setStringValue(version).build());
        this.node = Node.newBuilder()
                .setId(id)
                .setUserAgentName(Greeting.TULLE)
                .setUserAgentVersion(version)
                .setMetadata(metadata)
                .build();
        this.listener = listener;
    }

    /** The first requests of a new stream, with all that is held already. */
    public List<DeltaDiscoveryRequest> open() {
        lastAnswer = request(ResourceType.LISTENER).build();
        var requests = new ArrayList<DeltaDiscoveryRequest>();
        // First, since it says of what the others are to be everything.
        requests.add(request(ResourceType.DESTINATION)
                .setNode(node)
                .addAllResourceNamesSubscribe(wanted)
                .putAllInitialResourceVersions(holdings.versions(ResourceType.DESTINATION))
                .build());
        for (var type : WHOLE) {
            var first = request(type)
                    .setNode(node)
                    .addResourceNamesSubscribe(Interest.WILDCARD)
                    .putAllInitialResourceVersions(holdings.versions(type));
            // What is held already is not sent again, so that no answer would say what of it cannot be used.
            if (type == ResourceType.LISTENER && !unplanned.isEmpty())
                first.setErrorDetail(Nacks.encode(List.of(), unplanned));
            requests.add(first.build());
        }
        requests.add(request(ResourceType.PEER)
                .addAllResourceNamesSubscribe(peers)
                .putAllInitialResourceVersions(holdings.versions(ResourceType.PEER))
                .build());
        isOpen = true;
        return requests;
    }

    /** Takes a response in and answers it: an ACK, or a NACK that names every culprit, whose siblings are kept. */
    public DeltaDiscoveryRequest heard(DeltaDiscoveryResponse response) {
        var answer = DeltaDiscoveryRequest.newBuilder()
                .setTypeUrl(response.getTypeUrl())
                .setResponseNonce(response.getNonce());
        var type = ResourceType.ofUrl(response.getTypeUrl());
        if (type.isEmpty()) {
            var reason = "resources of type '" + response.getTypeUrl() + "' were not asked for";
            var unknown = new Culprit(ResourceType.LISTENER, "", XdsCode.UNKNOWN_TYPE.code(), reason);
            return answer.setErrorDetail(Nacks.encode(List.of(unknown), List.of()))
                    .build();
        }
        var unread = take(type.get(), response);
        answered.add(type.get());
        var unplanned = hand(!holdings.hasRejected());
        lastAnswer = answer.build();
        if (!unread.isEmpty() || !unplanned.isEmpty()) answer.setErrorDetail(Nacks.encode(unread, unplanned));
        return answer.build();
    }

    /** Something that could not be used of what is in force can be now, or the other way round: says so at once where anybody hears it. */
    public Optional<DeltaDiscoveryRequest> revise(List<Culprit> now) {
        if (applied.isEmpty() || now.equals(unplanned)) return Optional.empty();
        unplanned = List.copyOf(now);
        return Optional.of(
                now.isEmpty()
                        ? lastAnswer
                        : lastAnswer.toBuilder()
                                .setErrorDetail(Nacks.encode(List.of(), now))
                                .build());
    }

    /** Wants all of a destination, by its canonical host; empty when it does already, or when the stream is yet to be opened. */
    public Optional<DeltaDiscoveryRequest> want(String host) {
        if (!wanted.add(host) || !isOpen) return Optional.empty();
        return Optional.of(request(ResourceType.DESTINATION)
                .addResourceNamesSubscribe(host)
                .build());
    }

    /** No longer wants it: what belongs to it alone will be removed. */
    public Optional<DeltaDiscoveryRequest> release(String host) {
        if (!wanted.remove(host)) return Optional.empty();
        holdings.remove(ResourceType.DESTINATION, host);
        if (!isOpen) return Optional.empty();
        return Optional.of(request(ResourceType.DESTINATION)
                .addResourceNamesUnsubscribe(host)
                .build());
    }

    /** Asks who an instance is; empty when that has been asked already, or when the stream is yet to be opened. */
    public Optional<DeltaDiscoveryRequest> ask(String peer) {
        if (!peers.add(peer) || !isOpen) return Optional.empty();
        return Optional.of(
                request(ResourceType.PEER).addResourceNamesSubscribe(peer).build());
    }

    /** No longer wants to know; empty when it did not. */
    public Optional<DeltaDiscoveryRequest> forget(String peer) {
        if (!peers.remove(peer)) return Optional.empty();
        holdings.remove(ResourceType.PEER, peer);
        if (!isOpen) return Optional.empty();
        return Optional.of(
                request(ResourceType.PEER).addResourceNamesUnsubscribe(peer).build());
    }

    private List<Culprit> take(ResourceType type, DeltaDiscoveryResponse response) {
        var culprits = new ArrayList<Culprit>();
        for (var resource : response.getResourcesList()) {
            switch (Codec.decode(type, resource.getName(), resource.getResource())) {
                case Decoded.Accepted(var spec) -> holdings.put(resource.getVersion(), spec);
                case Decoded.Rejected(var name, var code, var reason) -> {
                    culprits.add(new Culprit(type, name, code, reason));
                    holdings.rejected(type, name);
                }
            }
        }
        response.getRemovedResourcesList().forEach(name -> removed(type, name));
        return culprits;
    }

    /** A destination that is wanted and is nowhere is told of: whoever waits for it need not wait longer. */
    private void removed(ResourceType type, String name) {
        if (type == ResourceType.DESTINATION && wanted.contains(name))
            holdings.put(NOWHERE, new DestinationSpec(name, false));
        else holdings.remove(type, name);
    }

    /** Hands on what is held, once there is something of every type; a gap waits for what fills it. */
    private List<Culprit> hand(boolean wholeOnly) {
        if (!answered.containsAll(WHOLE) || (applied.isEmpty() && !isToldOfAll())) return List.of();
        var touched = holdings.takeTouched();
        var closed = closure.flatMap(last -> last.then(holdings, touched))
                .orElseGet(() -> Closure.of(holdings.specs(), applied.orElse(Snapshot.EMPTY)));
        closure = Optional.of(closed);
        if (applied.isEmpty() && wholeOnly && !closed.gaps().isEmpty()) return List.of();
        if (applied.equals(Optional.of(closed.snapshot()))) return unplanned; // still so: an ACK would say it is over
        try {
            unplanned = List.copyOf(listener.apply(closed.snapshot()));
            applied = Optional.of(closed.snapshot());
        } catch (RuntimeException | StackOverflowError e) { // it would end the stream, and come again with the next
            LOG.error("{} a snapshot could not be put in force", XdsCode.UNPLANNED.code(), e);
            unplanned =
                    List.of(new Culprit(ResourceType.LISTENER, "", XdsCode.UNPLANNED.code(), "the proxy failed: " + e));
        }
        return unplanned;
    }

    private boolean isToldOfAll() {
        return holdings.versions(ResourceType.DESTINATION).keySet().containsAll(wanted);
    }

    private static DeltaDiscoveryRequest.Builder request(ResourceType type) {
        return DeltaDiscoveryRequest.newBuilder().setTypeUrl(type.url());
    }

    /** Hears of each new snapshot: closed, and different from the one before. */
    @FunctionalInterface
    public interface SnapshotListener {
        /** @return those that it cannot use as they are; all others are in force from now on */
        List<Culprit> apply(Snapshot snapshot);
    }
}
