package io.tulle.control.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.control.identity.ManualTime;
import io.tulle.model.ServiceName;
import io.tulle.model.world.Fleet;
import io.tulle.model.world.Instance;
import io.tulle.model.world.Workload;
import io.tulle.xds.registry.EdgeCounts;
import io.tulle.xds.registry.EdgeCounts.Calls;
import io.tulle.xds.registry.EdgeCounts.Edge;
import io.tulle.xds.registry.EdgeCounts.End;
import io.tulle.xds.registry.TrafficReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrafficTest {
    private static final String CART = "cart.shop.tulle";

    private final ManualTime clock = new ManualTime();
    private final Traffic traffic = following(100);

    @Test
    void tellsTheRateOverTheHeartbeatsThatSpanTheWindow() {
        hear(1000); // counted before anybody asked: no rate of that
        for (int i = 1; i <= 20; i++) {
            pass(5);
            hear(1000 + i * 50);
        }
        assertEquals(10.0, flow().tenSeconds().requests());
        assertEquals(10.0, flow().minute().requests());
        pass(5);
        hear(2000);
        assertEquals(5.0, flow().tenSeconds().requests());
    }

    @Test
    void anEdgeThatIsNotToldRestsAndFallsToZero() {
        hear(0);
        pass(5);
        hear(100);
        for (int i = 0; i < 13; i++) {
            pass(5);
            traffic.heard("web-1", TrafficReport.NONE);
        }
        assertEquals(0.0, flow().tenSeconds().requests());
        assertEquals(0.0, flow().minute().requests());
        assertEquals(100, flow().total().calls().requests());
    }

    @Test
    void aNewEdgeOfAKnownSidecarBeganAtZero() {
        traffic.heard("web-1", TrafficReport.NONE);
        pass(4);
        hear(40);
        assertEquals(10.0, flow().tenSeconds().requests());
    }

    @Test
    void aSidecarThatStartedAnewCountsFromZero() {
        hear(1000);
        pass(5);
        hear(1100);
        pass(5);
        hear(10);
        assertEquals(2.0, flow().tenSeconds().requests());
    }

    @Test
    void aSilentSidecarCarriesNothingThatIsKnown() {
        hear(0);
        pass(5);
        hear(100);
        pass(14);
        assertTrue(flow().tenSeconds().requests() > 0);
        pass(1);
        assertEquals(Rate.NONE, flow().tenSeconds());
        assertEquals(Rate.NONE, flow().minute());
    }

    @Test
    void aClockThatIsSetBackBeginsAnew() {
        hear(0);
        pass(60);
        hear(600);
        clock.jump(Duration.ofSeconds(-30));
        hear(700);
        assertEquals(Rate.NONE, flow().minute());
        pass(5);
        hear(750);
        assertEquals(10.0, flow().minute().requests());
    }

    @Test
    void forgetsWhoIsGone() {
        hear(1);
        traffic.follow(fleet(1)); // web-0 alone
        assertEquals(List.of(), traffic.flows());
        hear(2); // what was under way when it left
        assertEquals(List.of(), traffic.flows());
    }

    @Test
    void keepsNoMoreOfOneSidecarThanItsShare() {
        var all = IntStream.range(0, 1000).mapToObj(i -> counts("host" + i, i)).toList();
        traffic.heard("web-1", new TrafficReport(all, 7));
        assertEquals(Traffic.MOST_OF_ONE, traffic.flows().size());
        assertEquals(7 + 1000 - Traffic.MOST_OF_ONE, traffic.omitted());
    }

    @Test
    void keepsNoMoreOfAllThanItHasRoomFor() {
        for (int i = 0; i < 100; i++) {
            var all =
                    IntStream.range(0, 250).mapToObj(k -> counts("host" + k, k)).toList();
            traffic.heard("web-" + i, new TrafficReport(all, 0));
        }
        assertEquals(Traffic.MOST, traffic.flows().size());
        assertEquals(25_000 - Traffic.MOST, traffic.omitted());
        traffic.follow(fleet(1));
        assertEquals(250, traffic.flows().size());
        traffic.follow(fleet(2));
        traffic.heard("web-1", new TrafficReport(List.of(counts(CART, 1)), 0));
        assertEquals(251, traffic.flows().size(), "there is room again");
    }

    @ParameterizedTest
    @ValueSource(strings = {"negative", "nan", "long", "protocol", "buckets", "count"})
    void leavesOutWhatCannotBeAnEdge(String how) {
        var calls = new Calls(5, 0, 0, new TreeMap<>());
        var edge = edge(CART);
        var bad = switch (how) {
            case "negative" -> new EdgeCounts(edge, new Calls(-1, 0, 0, new TreeMap<>()), 0, 0);
            case "nan" -> new EdgeCounts(edge, new Calls(1, 0, 0, new TreeMap<>(Map.of(Double.NaN, 1L))), 0, 0);
            case "long" -> new EdgeCounts(edge("a".repeat(3000)), calls, 0, 0);
            case "protocol" -> new EdgeCounts(new Edge(End.CALLING, CART, "<script>", true), calls, 0, 0);
            case "buckets" -> {
                var many = new TreeMap<Double, Long>();
                for (int i = 0; i < 100; i++) many.put((double) i, 1L);
                yield new EdgeCounts(edge, new Calls(5, 0, 0, many), 0, 0);
            }
            default -> new EdgeCounts(edge, new Calls(1, 0, 0, new TreeMap<>(Map.of(1.0, -1L))), 0, 0);
        };
        traffic.heard("web-1", new TrafficReport(List.of(bad, counts("good.shop.tulle", 1)), 0));
        assertEquals(1, traffic.flows().size());
        assertEquals(1, traffic.omitted());
    }

    @Test
    void quantilesAreLinearWithinTheirBucket() {
        var rate = new Rate(10, 0, 0, 0, new TreeMap<>(Map.of(5.0, 5.0, 10.0, 5.0)));
        assertEquals(OptionalDouble.of(2.5), rate.quantile(0.25));
        assertEquals(OptionalDouble.of(5), rate.quantile(0.5));
        assertEquals(OptionalDouble.of(9), rate.quantile(0.9));
        var beyond = new Rate(1, 0, 0, 0, new TreeMap<>(Map.of(100.0, 1.0, Double.POSITIVE_INFINITY, 9.0)));
        assertEquals(OptionalDouble.of(100), beyond.quantile(0.99));
        assertEquals(OptionalDouble.empty(), Rate.NONE.quantile(0.5));
    }

    private Traffic following(int instances) {
        var following = new Traffic(clock);
        following.follow(fleet(instances));
        return following;
    }

    /** web-0 and so on. */
    private static Fleet fleet(int instances) {
        return Fleet.of(
                1,
                IntStream.range(0, instances)
                        .mapToObj(i -> Instance.of(
                                Workload.of(
                                        "web-" + i,
                                        new ServiceName("shop", "web"),
                                        "web",
                                        Map.of(),
                                        "127.0.0.1",
                                        15006,
                                        List.of(),
                                        List.of()),
                                Set.of(),
                                Instance.Liveness.LIVE))
                        .toList());
    }

    private Flow flow() {
        return traffic.flows().getFirst();
    }

    private void hear(long requests) {
        traffic.heard("web-1", new TrafficReport(List.of(counts(CART, requests)), 0));
    }

    private void pass(int seconds) {
        clock.pass(Duration.ofSeconds(seconds));
    }

    private static EdgeCounts counts(String host, long requests) {
        return new EdgeCounts(edge(host), new Calls(requests, 0, 0, new TreeMap<>()), 0, 0);
    }

    private static Edge edge(String host) {
        return new Edge(End.CALLING, host, "nest-tcp", true);
    }
}
