package io.tulle.xds.stream;

import static io.tulle.xds.spec.ResourceType.CLUSTER;
import static io.tulle.xds.spec.ResourceType.ENDPOINTS;
import static io.tulle.xds.spec.ResourceType.LISTENER;
import static io.tulle.xds.spec.ResourceType.PEER;
import static io.tulle.xds.spec.ResourceType.ROUTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.rpc.Status;
import io.tulle.model.policy.Balancing;
import io.tulle.xds.Culprit;
import io.tulle.xds.codec.Codec;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeltaSessionTest {
    private final ScriptedClient client = new ScriptedClient();

    @Test
    void sendsInAnOrderInWhichNothingDangles() {
        client.publish(Shop.of(1, "a"));
        for (var type : List.of(ROUTES, LISTENER, ENDPOINTS, CLUSTER)) client.subscribe(type, "*");
        assertEquals(List.of("CLUSTER+a", "ENDPOINTS+a", "LISTENER+a", "ROUTES+a"), client.drain());
        client.publish(Shop.of(1, "b"));
        assertEquals(
                List.of(
                        "CLUSTER+b",
                        "ENDPOINTS+b",
                        "LISTENER+b",
                        "ROUTES+b",
                        "ROUTES-a",
                        "LISTENER-a",
                        "ENDPOINTS-a",
                        "CLUSTER-a"),
                client.drain());
    }

    @Test
    void waitsForTheAnswerBeforeTheNextType() {
        client.publish(Shop.of(1, "a"));
        client.subscribe(CLUSTER, "*");
        client.subscribe(ENDPOINTS, "*");
        var clusters = client.take();
        assertTrue(client.session.next().isEmpty());
        client.publish(Shop.of(2, "a")); // while a response is out, nothing more of its type either
        assertTrue(client.session.next().isEmpty());
        client.ack(clusters);
        assertEquals(ENDPOINTS.url(), client.take().getTypeUrl());
    }

    @Test
    void endpointsThatWarmAClusterDoNotWaitForTheAnswerAboutIt() {
        client.publish(Shop.of(1, "a"));
        client.subscribe(CLUSTER, "*");
        var clusters = client.take();
        client.subscribe(ENDPOINTS, "a"); // an Envoy asks for them, and answers for the cluster when it has them
        assertEquals(List.of("a"), ScriptedClient.names(client.take()));
        client.ack(clusters);
        assertTrue(client.session.next().isEmpty());
    }

    @Test
    void sendsOnlyWhatChanged() {
        client.publish(Shop.of(1, "a", "b"));
        for (var type : List.of(CLUSTER, ENDPOINTS, LISTENER, ROUTES)) client.subscribe(type, "*");
        client.drain();
        client.publish(Shop.of(1, "a", "b"));
        assertEquals(List.of(), client.drain());
        client.publish(Shop.of(2, "a", "b"));
        assertEquals(List.of("ENDPOINTS+a", "ENDPOINTS+b"), client.drain());
    }

    @Test
    void anEmptyFirstRequestMeansAll() {
        client.publish(Shop.of(1, "a"));
        client.subscribe(CLUSTER);
        assertEquals(List.of("a"), ScriptedClient.names(client.take()));
    }

    @Test
    void answersAWildcardEvenWhenThereIsNothing() {
        client.publish(Shop.of(1));
        client.subscribe(CLUSTER, "*");
        assertEquals(0, client.take().getResourcesCount());
    }

    @Test
    void tellsThatANameDoesNotExistAndLaterThatItDoes() {
        client.publish(Shop.of(1, "a"));
        client.subscribe(CLUSTER, "a", "later");
        assertEquals(List.of("CLUSTER+a", "CLUSTER-later"), client.drain());
        assertEquals(List.of(), client.drain());
        client.publish(Shop.of(1, "a", "later", "other"));
        assertEquals(List.of("CLUSTER+later"), client.drain());
    }

    @Test
    void unsubscribingEndsTheInterestInAName() {
        client.publish(Shop.of(1, "a", "b"));
        client.subscribe(ENDPOINTS, "a", "b");
        client.drain();
        client.unsubscribe(ENDPOINTS, "a");
        client.publish(Shop.of(2, "a", "b"));
        assertEquals(List.of("ENDPOINTS+b"), client.drain());
    }

    @Test
    void unsubscribingFromTheWildcardKeepsTheNames() {
        client.publish(Shop.of(1, "a", "b"));
        client.subscribe(CLUSTER, "*", "a");
        client.drain();
        client.unsubscribe(CLUSTER, "*");
        client.publish(Shop.of(1, "c"));
        assertEquals(List.of("CLUSTER-a"), client.drain());
    }

    @Test
    void tellsAgainWhatIsUnsubscribedButStillCoveredByTheWildcard() {
        client.publish(Shop.of(1, "a"));
        client.subscribe(CLUSTER, "*", "a");
        client.drain();
        client.unsubscribe(CLUSTER, "a");
        assertEquals(List.of("CLUSTER+a"), client.drain());
    }

    @Test
    void subscribingAgainSendsAgain() {
        client.publish(Shop.of(1, "a"));
        client.subscribe(ENDPOINTS, "a");
        client.drain();
        client.subscribe(ENDPOINTS, "a");
        assertEquals(List.of("ENDPOINTS+a"), client.drain());
    }

    @Test
    void sendsNothingToWhoHasItAllAndTellsWhatVanished() {
        client.publish(Shop.of(1, "a"));
        var version = Codec.encode(Shop.cluster("a")).version();
        client.resume(CLUSTER, Map.of("a", version));
        assertEquals(List.of(), client.drain());
        var other = new ScriptedClient();
        other.publish(Shop.of(1, "a"));
        other.resume(CLUSTER, Map.of("a", version, "gone", "x"));
        assertEquals(List.of("CLUSTER-gone"), other.drain());
        var third = new ScriptedClient();
        third.publish(Shop.of(1, "a"));
        third.resume(CLUSTER, Map.of("a", "older"));
        assertEquals(List.of("CLUSTER+a"), third.drain());
    }

    @Test
    void anOldNonceAcknowledgesNothing() {
        client.publish(Shop.of(1, "a"));
        client.subscribe(CLUSTER, "*");
        var response = client.take();
        client.say(ScriptedClient.request(CLUSTER).setResponseNonce("99"));
        client.publish(Shop.of(1, "b"));
        assertTrue(client.session.next().isEmpty());
        client.ack(response);
        assertEquals(List.of("CLUSTER+b", "CLUSTER-a"), client.drain());
    }

    @Test
    void aRefusedVersionIsNotSentAgainUntilItChanges() {
        client.publish(Shop.of(1, "a"));
        client.subscribe(CLUSTER, "*");
        client.subscribe(LISTENER, "*");
        client.nack(client.take(), Status.newBuilder().setMessage("no").build());
        assertEquals(List.of("LISTENER+a"), client.drain());
        var settled = client.session.settled().orElseThrow();
        assertEquals(List.of(new Culprit(CLUSTER, "a", "TUL1405", "no")), settled.culprits());
        client.publish(Shop.of(1, "a", "b"));
        assertEquals(List.of("CLUSTER+b", "LISTENER+b"), client.drain());
        assertEquals(1, client.session.settled().orElseThrow().culprits().size());
    }

    @Test
    void aNackThatNamesItsCulpritClearsItsSiblings() {
        client.publish(Shop.of(1, "a", "b"));
        client.subscribe(CLUSTER, "*");
        client.subscribe(LISTENER, "*");
        var culprit = new Culprit(CLUSTER, "b", "TUL1403", "too odd");
        client.nack(client.take(), Nacks.encode(List.of(culprit), List.of()));
        client.drain();
        assertEquals(List.of(culprit), client.session.settled().orElseThrow().culprits());
    }

    @Test
    void settlesOnceForEachVersion() {
        client.publish(Shop.of(1, "a"));
        client.subscribe(CLUSTER, "*");
        assertTrue(client.session.settled().isEmpty());
        client.subscribe(LISTENER, "*");
        client.drain();
        var first = client.session.settled().orElseThrow();
        assertTrue(client.session.settled().isEmpty());
        client.publish(Shop.of(1, "a", "b"));
        assertTrue(client.session.settled().isEmpty());
        client.drain();
        assertNotEquals(first.version(), client.session.settled().orElseThrow().version());
    }

    @Test
    void settlesAgainWhenWhatWasOfferedInBetweenIsTakenBack() {
        client.publish(Shop.of(1, "a"));
        client.subscribe(CLUSTER, "*");
        client.subscribe(LISTENER, "*");
        client.drain();
        var first = client.session.settled().orElseThrow();
        client.publish(Shop.of(1, "a", "b")); // taken back before anything of it is sent
        client.publish(Shop.of(1, "a"));
        client.drain();
        assertEquals(first, client.session.settled().orElseThrow());
    }

    @Test
    void largeAnswersComeInPartsEachAfterTheOneBeforeIsAnswered() {
        var small = new ScriptedClient(new Limits(10, 10, 512, 1));
        small.publish(Shop.of(1, "a", "b", "c"));
        small.subscribe(CLUSTER, "*");
        small.subscribe(LISTENER, "*");
        var first = small.take();
        assertEquals(List.of("a"), ScriptedClient.names(first));
        small.ack(first);
        assertEquals(List.of("CLUSTER+b", "CLUSTER+c", "LISTENER+a", "LISTENER+b", "LISTENER+c"), small.drain());
    }

    @Test
    void peersFactsWaitForNobody() {
        client.publish(Shop.of(1, "a"));
        client.subscribe(CLUSTER, "*");
        client.take();
        client.subscribe(PEER, "cart-1");
        assertEquals(List.of("cart-1"), ScriptedClient.names(client.take()));
    }

    @Test
    void anEnvoyWhoseClusterChangedGetsItsEndpointsOnceMore() {
        client.publish(Shop.of(1, "a"));
        client.subscribe(CLUSTER, "*");
        client.subscribe(ENDPOINTS, "a");
        client.drain();
        var changed = new java.util.ArrayList<>(Shop.of(1, "a").specs().values().stream()
                .flatMap(byName -> byName.values().stream())
                .filter(spec -> spec.type() != CLUSTER)
                .toList());
        var cluster = Shop.cluster("a");
        changed.add(new io.tulle.xds.spec.ClusterSpec(
                "a",
                "a",
                cluster.source(),
                cluster.protocol(),
                cluster.security(),
                cluster.policies().with(Balancing.RANDOM)));
        client.publish(io.tulle.xds.spec.Snapshot.of(changed));
        assertEquals(List.of("CLUSTER+a", "ENDPOINTS+a"), client.drain());
    }

    @Test
    void publishingTheSameContentAgainIsSilence() {
        var cache = new SnapshotCache();
        var woken = new AtomicInteger();
        cache.watch("x", woken::incrementAndGet);
        cache.publish("x", Shop.bundle(1, "a"));
        cache.publish("x", Shop.bundle(1, "a"));
        assertEquals(1, woken.get());
        cache.publish("x", Shop.bundle(2, "a"));
        assertEquals(2, woken.get());
        cache.publish("y", Shop.bundle(1, "a"));
        cache.forget("y");
        assertFalse(cache.status("y").isPresent());
    }
}
