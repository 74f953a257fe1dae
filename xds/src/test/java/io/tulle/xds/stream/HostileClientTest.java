package io.tulle.xds.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.tulle.xds.spec.ResourceType;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that break a rule or a limit are refused by code; a good one passes after each. */
class HostileClientTest {
    private static final Limits SMALL = new Limits(3, 5, 16, 1 << 20);
    private static final Node NODE = Node.newBuilder().setId("n").build();

    static Stream<Arguments> hostile() {
        return Stream.of(
                Arguments.of("TUL1411", List.of(clusters())),
                Arguments.of(
                        "TUL1417", List.of(clusters().setNode(Node.newBuilder().setId("n".repeat(300))))),
                Arguments.of(
                        "TUL1413",
                        List.of(first(), clusters().setNode(Node.newBuilder().setId("m")))),
                Arguments.of("TUL1412", List.of(first(), DeltaDiscoveryRequest.newBuilder())),
                Arguments.of(
                        "TUL1412",
                        List.of(first(), DeltaDiscoveryRequest.newBuilder().setTypeUrl("nonsense"))),
                Arguments.of("TUL1410", List.of(first().addAllResourceNamesSubscribe(List.of("a", "b", "c", "d")))),
                Arguments.of(
                        "TUL1410",
                        List.of(
                                first().addResourceNamesSubscribe("a"),
                                clusters().addAllResourceNamesSubscribe(List.of("b", "c", "d")))),
                Arguments.of("TUL1417", List.of(first().addResourceNamesSubscribe(""))),
                Arguments.of("TUL1417", List.of(first().addResourceNamesSubscribe("a\nb"))),
                Arguments.of("TUL1417", List.of(first().addResourceNamesSubscribe("x".repeat(17)))),
                Arguments.of("TUL1417", List.of(first().putInitialResourceVersions("", "1"))),
                Arguments.of("TUL1410", List.of(first().putAllInitialResourceVersions(versions(6)))));
    }

    private static Map<String, String> versions(int number) {
        return IntStream.range(0, number).boxed().collect(Collectors.toMap(i -> "held-" + i, _ -> "1"));
    }

    @Test
    void whoHearsOfEverythingMayComeBackWithMoreThanAnybodyAsksForByName() {
        var session = new DeltaSession(SMALL);
        session.heard(first().putAllInitialResourceVersions(versions(5)).build());
        session.offer(Shop.bundle(1, "a"));
        assertEquals(1, session.next().orElseThrow().getResourcesCount());
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void endsTheStreamWithACode(String code, List<DeltaDiscoveryRequest.Builder> says) {
        var session = new DeltaSession(SMALL);
        var refused = assertThrows(StreamRefused.class, () -> says.forEach(each -> session.heard(each.build())));
        assertEquals(code, refused.code());
        var good = new ScriptedClient();
        good.publish(Shop.of(1, "a"));
        good.subscribe(ResourceType.CLUSTER, "*");
        assertEquals(List.of("CLUSTER+a"), good.drain());
    }

    @Test
    void stateOfTheWorldHasTheSameRules() {
        var session = new SotwSession(SMALL);
        var clusters = DiscoveryRequest.newBuilder().setTypeUrl(ResourceType.CLUSTER.url());
        assertEquals("TUL1411", refused(session, clusters));
        clusters.setNode(NODE);
        assertEquals("TUL1410", refused(session, clusters.clone().addAllResourceNames(List.of("a", "b", "c", "d"))));
        assertEquals("TUL1417", refused(session, clusters.clone().addResourceNames("\u0000")));
        assertEquals("TUL1412", refused(session, clusters.clone().setTypeUrl("")));
    }

    @Test
    void strangeAnswersChangeNothing() {
        var client = new ScriptedClient();
        client.publish(Shop.of(1, "a"));
        client.subscribe(ResourceType.CLUSTER, "*");
        client.subscribe(ResourceType.LISTENER, "*");
        var response = client.take();
        var details = Any.newBuilder()
                .setTypeUrl("type.googleapis.com/tulle.refusal.v1.Refusal")
                .setValue(ByteString.copyFromUtf8("\u0007garbage"));
        client.nack(
                response,
                Status.newBuilder().setMessage("odd").addDetails(details).build());
        client.nack(response, Status.newBuilder().setMessage("twice").build());
        client.unsubscribe(ResourceType.CLUSTER, "never-subscribed");
        client.say(ScriptedClient.request(ResourceType.CLUSTER).setResponseNonce("none"));
        client.drain();
        var settled = client.session.settled().orElseThrow();
        assertEquals(
                List.of("odd"),
                settled.culprits().stream().map(each -> each.reason()).toList());
    }

    @Test
    void aCulpritThatWasNeverSentIsNotCounted() {
        var client = new ScriptedClient();
        client.publish(Shop.of(1, "a"));
        client.subscribe(ResourceType.CLUSTER, "*");
        client.subscribe(ResourceType.LISTENER, "*");
        var invented = IntStream.range(0, 1000)
                .mapToObj(i -> new io.tulle.xds.Culprit(ResourceType.CLUSTER, "ghost" + i, "TUL1401", ""))
                .toList();
        client.nack(client.take(), Nacks.encode(invented, List.of()));
        client.drain();
        assertEquals(List.of(), client.session.settled().orElseThrow().culprits());
    }

    private static String refused(SotwSession session, DiscoveryRequest.Builder request) {
        return assertThrows(StreamRefused.class, () -> session.heard(request.build()))
                .code();
    }

    private static DeltaDiscoveryRequest.Builder clusters() {
        return ScriptedClient.request(ResourceType.CLUSTER);
    }

    private static DeltaDiscoveryRequest.Builder first() {
        return clusters().setNode(NODE);
    }
}
