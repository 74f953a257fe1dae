package io.tulle.control.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.control.identity.ManualTime;
import io.tulle.control.traffic.Traffic;
import io.tulle.dialects.reader.Json;
import io.tulle.dialects.reader.Node;
import io.tulle.model.Problem;
import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.world.Fleet;
import io.tulle.model.world.Instance;
import io.tulle.model.world.MeshSettings;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.Serving;
import io.tulle.model.world.Workload;
import io.tulle.model.world.World;
import io.tulle.xds.registry.EdgeCounts;
import io.tulle.xds.registry.EdgeCounts.Calls;
import io.tulle.xds.registry.EdgeCounts.End;
import io.tulle.xds.registry.TrafficReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OverviewTest {
    private static final World WORLD = World.empty(MeshSettings.DEFAULT);
    private static final Fleet FLEET =
            Fleet.of(1, List.of(instance("web-1", "web"), instance("cart-1", "cart"), instance("cart-2", "cart")));
    private static final String WEB = "spiffe://tulle/ns/shop/sa/web";

    private final ManualTime clock = new ManualTime();
    private final Traffic traffic = new Traffic(clock);

    @BeforeEach
    void begin() {
        traffic.follow(Fleet.of(
                0,
                Stream.concat(FLEET.instances().values().stream(), Stream.of(instance("gone-1", "gone")))
                        .toList()));
        List.of("web-1", "cart-1", "cart-2", "gone-1").forEach(id -> traffic.heard(id, TrafficReport.NONE));
        clock.pass(Duration.ofSeconds(10));
    }

    @Test
    void bothEndsOfAnEdgeAreOneAndTheCallersNumbersCount() {
        told("web-1", counts(End.CALLING, "cart.shop.tulle", true, 100, 7, 0));
        told("cart-1", counts(End.CALLED, WEB, true, 40, 0, 0));
        told("cart-2", counts(End.CALLED, WEB, true, 50, 0, 3));
        var edge = edges().getFirst();
        assertEquals(1, edges().size());
        assertEquals("shop/web shop/cart nest-tcp", written(edge));
        assertEquals(Edge.Security.MUTUAL, edge.security());
        assertEquals(10.0, edge.tenSeconds().requests());
        assertEquals(0.7, edge.tenSeconds().failed());
        assertEquals(0.3, edge.tenSeconds().denied()); // only the callee knows
        assertEquals(100, edge.total());
    }

    @Test
    void theCalleesNumbersCountWhereTheCallerTellsNone() {
        told("cart-1", counts(End.CALLED, WEB, true, 40, 0, 0));
        told("cart-2", counts(End.CALLED, WEB, true, 50, 0, 0));
        assertEquals(9.0, edges().getFirst().tenSeconds().requests());
    }

    @Test
    void theCalleeSaysWhetherTheCallerProvedWhoItIs() {
        told("web-1", counts(End.CALLING, "cart.shop.tulle", true, 100, 0, 0));
        told("cart-1", counts(End.CALLED, "", false, 40, 0, 0));
        assertEquals(
                List.of("outside shop/cart nest-tcp PLAINTEXT", "shop/web shop/cart nest-tcp MUTUAL"),
                edges().stream().map(e -> written(e) + " " + e.security()).toList());
        told("cart-2", counts(End.CALLED, WEB, false, 1, 0, 0));
        told("cart-1", counts(End.CALLED, WEB, true, 1, 0, 0));
        assertEquals(Edge.Security.MIXED, edges().get(1).security());
    }

    @Test
    void whatIsNoServiceOfTheMeshIsExternalAndWhatIsNotKnownIsNotClaimed() {
        told(
                "web-1",
                counts(End.CALLING, "example.com", false, 1, 0, 0),
                counts(End.CALLING, "cart", false, 1, 0, 0),
                counts(End.CALLING, "other", false, 1, 0, 0));
        assertEquals(
                List.of(
                        "shop/web external/example.com nest-tcp PLAINTEXT",
                        "shop/web others nest-tcp PLAINTEXT",
                        "shop/web shop/cart nest-tcp UNKNOWN"),
                edges().stream().map(e -> written(e) + " " + e.security()).toList());
    }

    @Test
    void anAccountIsShownAsTheServiceThatRunsUnderIt() {
        told("cart-1", counts(End.CALLED, "spiffe://tulle/ns/shop/sa/Robot.1", true, 1, 0, 0));
        assertEquals("shop/Robot.1 shop/cart nest-tcp", written(edges().getFirst()));
        assertTrue(Json.compact(overview().document()).contains("\"id\":\"shop/Robot.1\""));
    }

    @Test
    void aServiceCallsItselfOnlyWhereOneInstanceHeardAnother() {
        told("cart-1", counts(End.CALLING, "cart.shop.tulle", false, 9, 0, 0));
        assertEquals(List.of(), edges());
        told("cart-2", counts(End.CALLED, "spiffe://tulle/ns/shop/sa/cart", true, 9, 0, 0));
        assertEquals("shop/cart shop/cart nest-tcp", written(edges().getFirst()));
    }

    @Test
    void aSidecarThatHasLeftSaysNothing() {
        told("gone-1", counts(End.CALLING, "cart.shop.tulle", true, 100, 0, 0));
        assertEquals(List.of(), edges());
    }

    @Test
    void theDocumentTellsPartiesInstancesEdgesAndProblems() {
        told("web-1", counts(End.CALLING, "cart.shop.tulle", true, 100, 50, 0));
        var document = overview().document();
        assertEquals("shop", text(document.at("mesh").orElseThrow()));
        assertEquals(List.of("shop/cart", "shop/web"), texts(document, "parties", "id"));
        assertEquals(List.of("TUL1201"), texts(document, "problems", "code"));
        var parties = ((Node.Sequence) document.at("parties").orElseThrow()).items();
        assertEquals(List.of("cart-1", "cart-2"), texts(parties.getFirst(), "instances", "id"));
        assertEquals(List.of("in sync", "behind"), texts(parties.getFirst(), "instances", "proxy"));
        assertEquals(
                "{\"requests\":10.000,\"failed\":5.000,\"denied\":0.000,\"opened\":0.000,\"p50Millis\":2.500,\"p99Millis\":4.950}",
                Json.compact(parties.getFirst().at("received", "tenSeconds").orElseThrow()));
        assertEquals(
                "[\"4000/nest-tcp\"]",
                Json.compact(parties.getFirst().at("ports").orElseThrow()));
    }

    /** Ten seconds after each sidecar's first heartbeat. */
    private void told(String instance, EdgeCounts... edges) {
        traffic.heard(instance, new TrafficReport(List.of(edges), 0));
    }

    private List<Edge> edges() {
        return EdgeMap.of(WORLD, FLEET, traffic.flows());
    }

    private Overview overview() {
        return overview(FLEET);
    }

    private Overview overview(Fleet fleet) {
        var moment =
                new Overview.Moment(clock.instant(), 0, List.of(Problem.error("TUL1201", "what is wrong", "the fix")));
        return new Overview(
                new Dashboard.About("shop", "1", ManualTime.BEGINNING),
                moment,
                WORLD,
                fleet,
                id -> id.equals("cart-2") ? "behind" : "in sync",
                edges());
    }

    private static String written(Edge edge) {
        return edge.key().from().id() + " " + edge.key().to().id() + " "
                + edge.key().protocol();
    }

    private static EdgeCounts counts(End end, String other, boolean mutual, long requests, long failed, long denied) {
        return new EdgeCounts(
                new EdgeCounts.Edge(end, other, "nest-tcp", mutual),
                new Calls(requests, failed, denied, new TreeMap<>(Map.of(5.0, requests))),
                0,
                0);
    }

    @Test
    void whoseApplicationDoesNotListenIsNotLive() {
        var deaf = instance("web-1", "web").serving(Serving.of(List.of(4000), List.of()));
        var suspect = instance("cart-1", "cart").as(Instance.Liveness.SUSPECT);
        var fleet = Fleet.of(1, List.of(deaf, suspect, instance("cart-2", "cart")));
        assertEquals("not ready", fleet.instances().get("web-1").standing());
        var told = Json.compact(overview(fleet).document());
        assertTrue(told.contains("\"id\":\"web-1\",\"state\":\"not ready\""), told);
        assertTrue(told.contains("\"id\":\"cart-1\",\"state\":\"suspect\""), told);
        assertTrue(told.contains("\"id\":\"cart-2\",\"state\":\"live\""), told);
    }

    private static Instance instance(String id, String service) {
        return Instance.of(
                Workload.of(
                        id,
                        new ServiceName("shop", service),
                        service,
                        Map.of(),
                        "127.0.0.1",
                        20_000,
                        List.of(new ServicePort(4000, Protocol.NEST_TCP)),
                        List.of(new Workload.Door(4000, "127.0.0.1", 4000))),
                Set.of(),
                Instance.Liveness.LIVE);
    }

    private static List<String> texts(Node document, String list, String field) {
        var items = ((Node.Sequence) document.at(list).orElseThrow()).items();
        return items.stream()
                .flatMap(item -> item.at(field).stream())
                .map(OverviewTest::text)
                .toList();
    }

    private static String text(Node node) {
        return Stream.of(node)
                .map(Node.Text.class::cast)
                .findFirst()
                .orElseThrow()
                .value();
    }
}
