package io.tulle.xds.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.Snapshot;
import java.util.List;
import org.junit.jupiter.api.Test;

class SotwSessionTest {
    private final SotwSession session = new SotwSession(Limits.DEFAULT);
    private final SnapshotCache cache = new SnapshotCache();

    @Test
    void sendsTheWholeTypeEachTimeAndEachTypeAfterTheAnswer() {
        publish(Shop.of(1, "a"));
        ask(ResourceType.LISTENER, "", "a");
        var listeners = take();
        assertEquals(1, listeners.getResourcesCount());
        ask(ResourceType.LISTENER, listeners.getNonce(), "a");
        ask(ResourceType.ROUTES, "", "a");
        var routes = take();
        ask(ResourceType.ROUTES, routes.getNonce(), "a");
        assertTrue(session.next().isEmpty());
        assertTrue(session.settled().isPresent());
        publish(Shop.of(1, "a", "b"));
        assertTrue(session.next().isEmpty()); // b was not asked for
        publish(Shop.of(1, "b"));
        assertEquals(0, take().getResourcesCount()); // the listener is gone: absence says so
    }

    @Test
    void settlesAgainWhenWhatWasOfferedInBetweenIsTakenBack() {
        publish(Shop.of(1, "a"));
        ask(ResourceType.LISTENER, "", "a");
        ask(ResourceType.LISTENER, take().getNonce(), "a");
        var first = session.settled().orElseThrow();
        publish(Shop.of(1, "a", "b"));
        publish(Shop.of(1, "a"));
        assertTrue(session.next().isEmpty());
        assertEquals(first, session.settled().orElseThrow());
    }

    @Test
    void endpointsThatWarmAClusterDoNotWaitForTheAnswerAboutIt() {
        publish(Shop.of(1, "a"));
        ask(ResourceType.CLUSTER, "");
        take();
        ask(ResourceType.ENDPOINTS, "", "a");
        assertEquals(ResourceType.ENDPOINTS.url(), take().getTypeUrl());
        assertTrue(session.next().isEmpty());
    }

    @Test
    void anEmptyListMeansAllUntilNamesWereGiven() {
        publish(Shop.of(1, "a", "b"));
        ask(ResourceType.CLUSTER, "");
        var all = take();
        assertEquals(2, all.getResourcesCount());
        ask(ResourceType.CLUSTER, all.getNonce(), "a");
        ask(ResourceType.CLUSTER, all.getNonce());
        assertEquals(0, take().getResourcesCount());
    }

    @Test
    void routesThatAreNotThereYetAreAnsweredWhenTheyCome() {
        publish(Shop.of(1));
        ask(ResourceType.ROUTES, "", "a");
        assertTrue(session.next().isEmpty());
        publish(Shop.of(1, "a"));
        assertEquals(1, take().getResourcesCount());
    }

    private void publish(Snapshot snapshot) {
        cache.publish("n", Shop.bundle(snapshot));
        session.offer(cache.newest("n").orElseThrow());
    }

    private void ask(ResourceType type, String nonce, String... names) {
        session.heard(DiscoveryRequest.newBuilder()
                .setNode(Node.newBuilder().setId("n"))
                .setTypeUrl(type.url())
                .setResponseNonce(nonce)
                .addAllResourceNames(List.of(names))
                .build());
    }

    private DiscoveryResponse take() {
        return session.next().orElseThrow(() -> new AssertionError("nothing to send"));
    }
}
