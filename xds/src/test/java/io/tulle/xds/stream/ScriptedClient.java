package io.tulle.xds.stream;

import com.google.rpc.Status;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.Snapshot;
import java.util.List;
import java.util.Map;

/** A client that says exactly what a test says, to a session of its own. */
final class ScriptedClient {
    private final SnapshotCache cache = new SnapshotCache();
    final DeltaSession session;
    private boolean greeted;

    ScriptedClient() {
        this(Limits.DEFAULT);
    }

    ScriptedClient(Limits limits) {
        session = new DeltaSession(limits);
    }

    void publish(Snapshot snapshot) {
        cache.publish("n", Shop.bundle(snapshot));
        session.offer(cache.newest("n").orElseThrow());
    }

    void subscribe(ResourceType type, String... names) {
        say(request(type).addAllResourceNamesSubscribe(List.of(names)));
    }

    void resume(ResourceType type, Map<String, String> versions) {
        say(request(type).addResourceNamesSubscribe("*").putAllInitialResourceVersions(versions));
    }

    void unsubscribe(ResourceType type, String... names) {
        say(request(type).addAllResourceNamesUnsubscribe(List.of(names)));
    }

    void ack(DeltaDiscoveryResponse response) {
        say(answer(response));
    }

    void nack(DeltaDiscoveryResponse response, Status status) {
        say(answer(response).setErrorDetail(status));
    }

    void say(DeltaDiscoveryRequest.Builder request) {
        if (!greeted) request.setNode(Node.newBuilder().setId("n"));
        greeted = true;
        session.heard(request.build());
    }

    DeltaDiscoveryResponse take() {
        return session.next().orElseThrow(() -> new AssertionError("nothing to send"));
    }

    /** Takes and acknowledges all there is; gives what was sent, as {@code +name} and {@code -name} by type. */
    List<String> drain() {
        var told = new java.util.ArrayList<String>();
        for (var next = session.next(); next.isPresent(); next = session.next()) {
            var type = ResourceType.ofUrl(next.get().getTypeUrl()).orElseThrow();
            next.get().getResourcesList().forEach(each -> told.add(type + "+" + each.getName()));
            next.get().getRemovedResourcesList().forEach(name -> told.add(type + "-" + name));
            ack(next.get());
        }
        return told;
    }

    static List<String> names(DeltaDiscoveryResponse response) {
        return response.getResourcesList().stream().map(Resource::getName).toList();
    }

    static DeltaDiscoveryRequest.Builder request(ResourceType type) {
        return DeltaDiscoveryRequest.newBuilder().setTypeUrl(type.url());
    }

    private static DeltaDiscoveryRequest.Builder answer(DeltaDiscoveryResponse response) {
        return DeltaDiscoveryRequest.newBuilder()
                .setTypeUrl(response.getTypeUrl())
                .setResponseNonce(response.getNonce());
    }
}
