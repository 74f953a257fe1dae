package io.tulle.xds.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.tulle.model.policy.Balancing;
import io.tulle.model.policy.DestinationPolicy;
import io.tulle.xds.Culprit;
import io.tulle.xds.codec.Codec;
import io.tulle.xds.layer.Bundle;
import io.tulle.xds.layer.Demand;
import io.tulle.xds.layer.Shelf;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.DestinationSpec;
import io.tulle.xds.spec.NameSpec;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Our two sides against each other, message by message. */
class ClientSessionTest {
    private final List<Snapshot> heard = new ArrayList<>();
    private final List<Culprit> refuses = new ArrayList<>();
    private boolean broken;
    private final ClientSession client = new ClientSession("n", "1", snapshot -> {
        if (broken) throw new IllegalStateException("a slip");
        if (refuses.isEmpty()) heard.add(snapshot);
        return List.copyOf(refuses);
    });
    private final SnapshotCache cache = new SnapshotCache();
    private DeltaSession server = new DeltaSession(Limits.DEFAULT);

    @Test
    void handsOnWholeSnapshotsOnly() {
        publish(Shop.of(1, "a"));
        connect();
        assertEquals(List.of(withoutPeers(Shop.of(1, "a"))), heard);
        publish(Shop.of(2, "a", "b"));
        assertEquals(withoutPeers(Shop.of(2, "a", "b")), heard.getLast());
        publish(Shop.of(2, "b"));
        assertEquals(withoutPeers(Shop.of(2, "b")), heard.getLast());
        heard.forEach(snapshot -> snapshot.specs()
                .values()
                .forEach(byName -> byName.values()
                        .forEach(spec -> spec.references()
                                .forEach(ref ->
                                        assertTrue(snapshot.ofType(ref.type()).containsKey(ref.name()))))));
    }

    @Test
    void isSentNothingWhenItComesBackWithAllThatThereIs() {
        publish(Shop.of(1, "a"));
        connect();
        server = new DeltaSession(Limits.DEFAULT);
        server.offer(cache.newest("n").orElseThrow());
        client.open().forEach(server::heard);
        for (var next = server.next(); next.isPresent(); next = server.next()) {
            assertEquals(0, next.get().getResourcesCount() + next.get().getRemovedResourcesCount());
            server.heard(client.heard(next.get()));
        }
        assertTrue(server.settled().isPresent());
        assertEquals(1, heard.size());
    }

    @Test
    void refusesByNameAndKeepsTheLastGoodAndTheSiblings() {
        publish(Shop.of(1, "a"));
        connect();
        var bad = Cluster.newBuilder()
                .setName("a")
                .setType(Cluster.DiscoveryType.ORIGINAL_DST)
                .build();
        var good = io.tulle.xds.codec.Codec.encode(new ClusterSpec(
                "new",
                "new",
                new ClusterSpec.Source.Fixed(List.of()),
                io.tulle.model.Protocol.HTTP,
                new ClusterSpec.Security.Plaintext(),
                DestinationPolicy.NONE.with(Balancing.RANDOM)));
        var response = DeltaDiscoveryResponse.newBuilder()
                .setTypeUrl(ResourceType.CLUSTER.url())
                .setNonce("x")
                .addResources(Resource.newBuilder().setName("a").setVersion("2").setResource(Any.pack(bad)))
                .addResources(
                        Resource.newBuilder().setName("new").setVersion("3").setResource(good.any()))
                .build();
        var answer = client.heard(response);
        assertEquals("x", answer.getResponseNonce());
        var culprits = Nacks.decode(answer.getErrorDetail()).unread();
        assertEquals(List.of("a"), culprits.stream().map(Culprit::name).toList());
        assertEquals("TUL1401", culprits.getFirst().code());
        var clusters = heard.getLast().ofType(ResourceType.CLUSTER);
        assertEquals(Shop.cluster("a"), clusters.get("a"));
        assertTrue(clusters.containsKey("new"));
        var versions = opened(ResourceType.CLUSTER);
        assertEquals("3", versions.get("new"));
        assertFalse(versions.containsValue("2"));
    }

    @Test
    void readsWhatComesAndLeavesAllElseAsTheObjectsThatItWas() {
        publish(Shop.of(1, "a", "b"));
        connect();
        var before = heard.getLast();

        send("b2", Shop.listener("b", "a"), Shop.listener("a", "a"));

        var after = heard.getLast();
        assertEquals(
                Shop.listener("b", "a"), after.ofType(ResourceType.LISTENER).get("b"), "it is new");
        after.specs()
                .forEach((type, byName) -> byName.forEach((name, spec) -> {
                    if (type == ResourceType.LISTENER && name.equals("b")) return;
                    assertSame(before.ofType(type).get(name), spec, type + " " + name);
                }));
        var versions = opened(ResourceType.LISTENER);
        assertEquals("b2", versions.get("a"), "the version is the server's newest all the same");
    }

    @Test
    void whatCanBeUsedAfterAllIsToldWithoutAnotherChange() {
        var shut = new Culprit(ResourceType.LISTENER, "a", "TUL1390", "the port is taken");
        refuses.add(shut);
        publish(Shop.of(1, "a"));
        connect();
        assertEquals(List.of(shut), server.settled().orElseThrow().culprits());

        server.heard(client.revise(List.of()).orElseThrow());

        assertEquals(List.of(), server.settled().orElseThrow().culprits());
        assertTrue(client.revise(List.of()).isEmpty(), "it is told already");
        server.heard(client.revise(List.of(shut)).orElseThrow());
        assertEquals(List.of(shut), server.settled().orElseThrow().culprits());
    }

    @Test
    void whatCannotBeUsedIsToldAgainOnANewStream() {
        var shut = new Culprit(ResourceType.LISTENER, "a", "TUL1390", "the port is taken");
        refuses.add(shut);
        publish(Shop.of(1, "a"));
        connect();

        server = new DeltaSession(Limits.DEFAULT);
        server.offer(cache.newest("n").orElseThrow());
        connect();

        assertEquals(List.of(shut), server.settled().orElseThrow().culprits());
        server.heard(client.revise(List.of()).orElseThrow());
        assertEquals(
                List.of(),
                server.settled().orElseThrow().culprits(),
                "though nothing came on this stream to be answered");
    }

    private void send(String version, Spec... specs) {
        var response = DeltaDiscoveryResponse.newBuilder()
                .setTypeUrl(specs[0].type().url())
                .setNonce("x");
        for (var spec : specs) {
            response.addResourcesBuilder()
                    .setName(spec.name())
                    .setVersion(version)
                    .setResource(io.tulle.xds.codec.Codec.encode(spec).any());
        }
        assertFalse(client.heard(response.build()).hasErrorDetail());
    }

    @Test
    void tellsWhatCannotBePlannedUntilItCan() {
        publish(Shop.of(1, "a"));
        connect();
        refuses.add(new Culprit(ResourceType.ROUTES, "a", "TUL1701", "no plan"));
        publish(Shop.of(2, "a"));
        assertEquals(1, heard.size());
        assertEquals(
                "TUL1701", server.settled().orElseThrow().culprits().getFirst().code());
        refuses.clear();
        publish(Shop.of(3, "a"));
        assertEquals(withoutPeers(Shop.of(3, "a")), heard.getLast());
        assertEquals(List.of(), server.settled().orElseThrow().culprits());
    }

    @Test
    void anAnswerThatHasNothingToDoWithARefusalDoesNotEndIt() {
        publish(Shop.of(1, "a"));
        connect();
        refuses.add(new Culprit(ResourceType.LISTENER, "door|3000", "TUL1723", "taken"));
        publish(Shop.of(2, "a"));
        var unrelated = DeltaDiscoveryResponse.newBuilder()
                .setTypeUrl(ResourceType.CLUSTER.url())
                .setNonce("x")
                .build();
        assertTrue(client.heard(unrelated).getErrorDetail().getMessage().contains("TUL1723"));
    }

    @Test
    void aListenerThatThrowsIsARefusalAndTheNextSnapshotIsHeard() {
        publish(Shop.of(1, "a"));
        connect();
        broken = true;
        publish(Shop.of(2, "a"));
        assertEquals(
                "TUL1405", server.settled().orElseThrow().culprits().getFirst().code());
        broken = false;
        publish(Shop.of(3, "a"));
        assertEquals(withoutPeers(Shop.of(3, "a")), heard.getLast());
        assertEquals(List.of(), server.settled().orElseThrow().culprits());
    }

    @Test
    void leavesOutWhatNeedsARefusedNewcomerAndKeepsTheRest() {
        publish(Shop.of(1, "a"));
        connect();
        var wants = Shop.listener("b", "missing");
        var response = DeltaDiscoveryResponse.newBuilder()
                .setTypeUrl(ResourceType.LISTENER.url())
                .setNonce("x");
        for (var spec : List.of(wants, Shop.listener("a", "missing"), Shop.listener("c", "a"))) {
            var resource = io.tulle.xds.codec.Codec.encode(spec);
            response.addResourcesBuilder().setName(spec.name()).setVersion("1").setResource(resource.any());
        }
        assertFalse(client.heard(response.build()).hasErrorDetail());
        var listeners = heard.getLast().ofType(ResourceType.LISTENER);
        assertEquals(List.of("a", "c"), List.copyOf(listeners.keySet()));
        assertEquals(Shop.listener("a", "a"), listeners.get("a"));
    }

    @Test
    void asksForPeersByName() {
        publish(Shop.of(1, "a"));
        connect();
        server.heard(client.ask("cart-1").orElseThrow());
        assertTrue(client.ask("cart-1").isEmpty());
        pump();
        assertTrue(heard.getLast().ofType(ResourceType.PEER).containsKey("cart-1"));
        server.heard(client.forget("cart-1").orElseThrow());
        pump();
        assertTrue(server.settled().isPresent());
    }

    @Test
    void hearsAllOfADestinationOnceItWantsIt() {
        var toldNothing = new DeltaSession(Limits.DEFAULT);
        server = toldNothing;
        offer(Demand.NOTHING, Shop.of(1), new NameSpec("a", List.of(), List.of(), new TreeMap<>(), false));
        connect();
        assertEquals(Set.of("a"), heard.getLast().ofType(ResourceType.NAME).keySet());

        server.heard(client.want("a").orElseThrow());
        assertTrue(client.want("a").isEmpty(), "it has been asked already");
        assertEquals(new Demand(false, Set.of("a"), Set.of()), server.demand());
        assertTrue(server.next().isEmpty(), "what it holds is of before it was asked");
        assertTrue(server.settled().isEmpty());

        offer(server.demand(), Shop.of(1, "a"), new DestinationSpec("a", true));
        assertEquals(new DestinationSpec("a", true), destination("a"));
        assertTrue(heard.getLast().ofType(ResourceType.LISTENER).containsKey("a"));
        assertTrue(server.settled().isPresent());
    }

    @Test
    void isToldThatADestinationIsNowhereAndWhenItComes() {
        offer(Demand.NOTHING, Shop.of(1));
        connect();
        server.heard(client.want("a").orElseThrow());
        offer(server.demand(), Shop.of(1));
        assertEquals(new DestinationSpec("a", false), destination("a"));

        offer(server.demand(), Shop.of(1, "a"), new DestinationSpec("a", true));
        assertEquals(new DestinationSpec("a", true), destination("a"));

        offer(server.demand(), Shop.of(1));
        assertEquals(new DestinationSpec("a", false), destination("a"), "it is gone");
    }

    @Test
    void whatItWantsAtFirstIsInItsFirstSnapshot() {
        client.want("a");
        client.want("z");
        client.open().forEach(server::heard);
        offer(Demand.NOTHING, Shop.of(1));
        assertEquals(List.of(), heard, "nothing before all of it has been told");

        offer(server.demand(), Shop.of(1, "a"), new DestinationSpec("a", true));
        assertTrue(heard.getFirst().ofType(ResourceType.LISTENER).containsKey("a"));
        assertEquals(new DestinationSpec("z", false), destination("z"));
    }

    @Test
    void whatItLetsGoIsTakenAwayAndIsNotAskedForAgain() {
        offer(Demand.NOTHING, Shop.of(1));
        connect();
        server.heard(client.want("a").orElseThrow());
        offer(server.demand(), Shop.of(1, "a"), new DestinationSpec("a", true));

        server.heard(client.release("a").orElseThrow());
        offer(server.demand(), Shop.of(1));
        assertEquals(Set.of(), heard.getLast().ofType(ResourceType.LISTENER).keySet());
        assertTrue(server.settled().isPresent());
        server = new DeltaSession(Limits.DEFAULT);
        connect();
        assertEquals(Demand.NOTHING, server.demand());
    }

    @Test
    void whatItWantsIsAskedForOnEveryStream() {
        offer(Demand.NOTHING, Shop.of(1));
        connect();
        client.want("a");
        server = new DeltaSession(Limits.DEFAULT);
        client.open().forEach(server::heard);

        assertEquals(new Demand(false, Set.of("a"), Set.of()), server.demand());
    }

    /** The versions with which it asks for a type on a new stream. */
    private Map<String, String> opened(ResourceType type) {
        return client.open().stream()
                .filter(request -> request.getTypeUrl().equals(type.url()))
                .findFirst()
                .orElseThrow()
                .getInitialResourceVersionsMap();
    }

    private Spec destination(String host) {
        return java.util.Objects.requireNonNull(
                heard.getLast().ofType(ResourceType.DESTINATION).get(host));
    }

    /** What one that asks for this much is to hear. */
    private void offer(Demand demand, Snapshot snapshot, Spec... more) {
        var all = new ArrayList<Spec>(List.of(more));
        withoutPeers(snapshot).specs().values().forEach(byName -> all.addAll(byName.values()));
        var shelf = Shelf.of(all.stream().map(Codec::encode).toList());
        server.offer(Bundle.of(List.of(shelf), demand));
        pump();
    }

    private void publish(Snapshot snapshot) {
        cache.publish("n", Shop.bundle(snapshot));
        server.offer(cache.newest("n").orElseThrow());
        pump();
    }

    private void connect() {
        client.open().forEach(server::heard);
        pump();
    }

    private void pump() {
        for (var next = server.next(); next.isPresent(); next = server.next()) {
            server.heard(client.heard(next.get()));
        }
    }

    private static Snapshot withoutPeers(Snapshot snapshot) {
        return Snapshot.of(snapshot.specs().values().stream()
                .flatMap(byName -> byName.values().stream())
                .filter(spec -> spec.type() != ResourceType.PEER)
                .toList());
    }
}
