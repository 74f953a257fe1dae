package io.tulle.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.Protocol;
import io.tulle.model.policy.ConnectionLimits;
import io.tulle.model.policy.RetryPolicy;
import io.tulle.model.policy.RoutePolicy;
import io.tulle.proxy.observe.Exposition;
import io.tulle.proxy.observe.Metrics;
import io.tulle.proxy.observe.SelfLabels;
import io.tulle.proxy.report.ExchangeReport;
import io.tulle.proxy.trace.SpanContext;
import io.tulle.proxy.trace.TraceSettings;
import io.tulle.testkit.NestOrigin;
import io.tulle.testkit.NestSocket;
import io.tulle.testkit.NoLeaks;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.WireSpec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Nest TCP has no headers: the trace and the request id of a message travel in its metadata. */
@ExtendWith(NoLeaks.class)
class NestTcpTraceTest {
    private static final Pattern TRACEPARENT = Pattern.compile("\"traceparent\":\"([^\"]*)\"");

    private final Fleet fleet = new Fleet();

    @AfterEach
    void end() {
        fleet.close();
    }

    private NestOrigin origin(NestOrigin.Script script) throws IOException {
        return fleet.keep(NestOrigin.start(script));
    }

    private NestOrigin cart() throws IOException {
        return origin((message, connection) -> {
            var id = NestSocket.id(message);
            if (!id.isEmpty()) connection.send(NestOrigin.reply("\"é\"", id));
        });
    }

    private InetSocketAddress door(RouteSpec route, NestOrigin... to) {
        var ports = java.util.Arrays.stream(to).mapToInt(NestOrigin::port).toArray();
        return Fleet.at(fleet.alone(
                SidecarSettings.DEFAULT,
                Fleet.door(new WireSpec.NestTcp("routes", List.of())),
                Fleet.cluster("c", ConnectionLimits.DEFAULT, Protocol.NEST_TCP, ports),
                Fleet.table(route)));
    }

    private InetSocketAddress door(NestOrigin to) {
        return door(RouteSpec.toCluster("all", "c"), to);
    }

    private static String traceparent(int n) {
        return "00-" + String.valueOf(n).repeat(32) + "-00f067aa0ba902b7-01";
    }

    private static String traced(int n) {
        return "{\"pattern\":\"sum\",\"data\":\"é\",\"metadata\":{\"tenant\":\"ü\",\"traceparent\":\"" + traceparent(n)
                + "\",\"x-request-id\":\"r-" + n + "\"},\"id\":\"" + n + "\"}";
    }

    private Map<String, SpanContext> reported(int count) throws InterruptedException {
        var reports = new ArrayList<ExchangeReport>();
        for (var i = 0; i < count; i++) reports.add(fleet.nextReport());
        return reports.stream()
                .collect(toMap(ExchangeReport::requestId, r -> r.trace().orElseThrow()));
    }

    @Test
    void callsThatShareAColdConnectionAndASegmentKeepEachItsOwnTrace() throws Exception {
        fleet.tracing(TraceSettings.ALWAYS);
        var cart = cart();
        try (var client = NestSocket.to(door(cart))) {
            var frames = IntStream.rangeClosed(1, 5)
                    .mapToObj(n -> new String(NestSocket.frame(traced(n)), UTF_8))
                    .reduce("", String::concat);
            client.raw(frames.getBytes(UTF_8));
            for (var i = 0; i < 5; i++) assertTrue(client.next().contains("é"));
        }
        var spans = reported(5);
        for (var message : cart.messages()) {
            var n = NestSocket.id(message).replace("\"", "");
            var span = spans.get("r-" + n);
            assertEquals(n.repeat(32), span.traceId());
            assertEquals("00f067aa0ba902b7", span.parentId());
            assertNotEquals("00f067aa0ba902b7", span.spanId());
            var expected = "{\"pattern\":\"sum\",\"data\":\"é\",\"metadata\":{\"tenant\":\"ü\",\"traceparent\":\"00-"
                    + n.repeat(32) + "-" + span.spanId() + "-01\",\"x-request-id\":\"r-" + n + "\"},\"id\":\"" + n
                    + "\"}";
            assertEquals(expected, message);
        }
    }

    @Test
    void aMessageThatSaysNothingBeginsATraceAndGoesOnWithIt() throws Exception {
        fleet.tracing(TraceSettings.ALWAYS);
        var cart = cart();
        try (var client = NestSocket.to(door(cart))) {
            client.send("{\"pattern\":{\"role\":\"x\",\"cmd\":\"sum\"},\"data\":\"é\",\"id\":7}")
                    .next();
        }
        var report = fleet.nextReport();
        var span = report.trace().orElseThrow();
        assertEquals(0, span.parent());
        assertEquals(
                "{\"metadata\":{\"x-request-id\":\"" + report.requestId() + "\",\"traceparent\":\"00-" + span.traceId()
                        + "-" + span.spanId()
                        + "-03\"},\"pattern\":{\"cmd\":\"sum\",\"role\":\"x\"},\"data\":\"é\",\"id\":7}",
                cart.messages().getFirst());
    }

    @Test
    void anEventIsPartOfATraceToo() throws Exception {
        fleet.tracing(TraceSettings.ALWAYS);
        var cart = cart();
        try (var client = NestSocket.to(door(cart))) {
            client.send("{\"pattern\":\"seen\",\"data\":1,\"metadata\":{\"traceparent\":\"" + traceparent(4) + "\"}}");
            assertEquals(
                    "4".repeat(32), fleet.nextReport().trace().orElseThrow().traceId());
        }
    }

    @Test
    void metadataThatIsNoObjectIsTheApplicationsOwnAffair() throws Exception {
        fleet.tracing(TraceSettings.ALWAYS);
        var cart = cart();
        var messages = List.of(
                "{\"pattern\":\"sum\",\"metadata\":null,\"id\":\"1\"}",
                "{\"pattern\":\"sum\",\"metadata\":[\"traceparent\"],\"id\":\"1\"}");
        try (var client = NestSocket.to(door(cart))) {
            for (var message : messages) {
                client.send(message).next();
                assertEquals(Optional.empty(), fleet.nextReport().trace());
            }
        }
        assertEquals(messages, cart.messages());
    }

    @Test
    void hostileContextIsDroppedAndTheRestPasses() throws Exception {
        fleet.tracing(TraceSettings.ALWAYS);
        var cart = cart();
        try (var client = NestSocket.to(door(cart))) {
            client.send(
                            "{\"pattern\":\"sum\",\"metadata\":{\"x-request-id\":\"a\\nb\",\"b3\":\"\\u0000\",\"traceparent\":\"00-zz\","
                                    + "\"tracestate\":\"a=1\",\"q\\\"\":{\"traceparent\":1}},\"id\":\"1\"}")
                    .next();
        }
        var report = fleet.nextReport();
        assertEquals(36, report.requestId().length());
        assertEquals(
                "{\"pattern\":\"sum\",\"metadata\":{\"q\\\"\":{\"traceparent\":1},\"traceparent\":\"00-"
                        + report.trace().orElseThrow().traceId() + "-"
                        + report.trace().orElseThrow().spanId() + "-03\",\"x-request-id\":\"" + report.requestId()
                        + "\"},\"id\":\"1\"}",
                cart.messages().getFirst());
    }

    @Test
    void withoutTracesNotAByteChangesAndTheRequestIdIsTakenUp() throws Exception {
        var cart = cart();
        try (var client = NestSocket.to(door(cart))) {
            client.send(traced(3)).next();
        }
        assertEquals(List.of(traced(3)), cart.messages());
        assertEquals("r-3", fleet.nextReport().requestId());
    }

    @Test
    void aReplayKeepsItsTraceAndIsCountedAsOne() throws Exception {
        fleet.tracing(TraceSettings.ALWAYS);
        var metrics = fleet.watchNext(new Metrics(SelfLabels.UNKNOWN));
        var dying = origin((_, connection) -> connection.close());
        var well = cart();
        var reset = new RetryPolicy(
                3, Optional.empty(), Set.of(RetryPolicy.Condition.RESET), List.of(), Duration.ofMillis(1), false, true);
        var route = new RouteSpec(
                "all",
                List.of(io.tulle.model.match.RequestMatch.ANY),
                ActionSpec.Forward.to("c"),
                RoutePolicy.set(Optional.of(reset)));
        try (var client = NestSocket.to(door(route, dying, well))) {
            for (var n = 1; n <= 2; n++)
                assertTrue(client.send(traced(n)).next().contains("é"));
        }
        var reports = List.of(fleet.nextReport(), fleet.nextReport());
        assertEquals(1, reports.stream().mapToInt(ExchangeReport::replays).sum());
        var seen = well.messages().stream()
                .map(m -> TRACEPARENT
                        .matcher(m)
                        .results()
                        .findFirst()
                        .orElseThrow()
                        .group(1))
                .map(trace -> trace.substring(3, 35))
                .sorted()
                .toList();
        assertEquals(List.of("1".repeat(32), "2".repeat(32)), seen);
        var text = Exposition.of(metrics.snapshots(), "").text();
        assertTrue(
                text.lines().anyMatch(line -> line.startsWith("tulle_replays_total{") && line.endsWith(" 1.0")), text);
    }
}
