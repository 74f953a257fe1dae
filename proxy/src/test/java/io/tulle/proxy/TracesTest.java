package io.tulle.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.proxy.observe.SelfLabels;
import io.tulle.proxy.observe.SpanExporter;
import io.tulle.proxy.trace.TraceSettings;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Origin;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Spans of two sidecars, as a collector receives them. */
@ExtendWith(NoLeaks.class)
class TracesTest {
    private static final String CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-";
    private static final Pattern FIELD = Pattern.compile("\"(traceId|spanId|parentSpanId|kind|name)\":\"?([^\",]+)");

    private final Fleet fleet = new Fleet();
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private Origin collector;
    private Origin application;
    private SpanExporter cartSpans;
    private SpanExporter webSpans;
    private Pair pair;

    @BeforeEach
    void begin() throws IOException {
        collector = Origin.start((request, connection) -> {
            received.add(request.body());
            return connection.ok("{}");
        });
        application = Origin.saying("2 items");
        cartSpans = fleet.watchNext(exporter("cart"));
        webSpans = fleet.watchNext(exporter("web"));
        fleet.tracing(TraceSettings.ALWAYS);
        pair = new Pair(fleet, application.port());
    }

    private SpanExporter exporter(String app) {
        var to = URI.create("http://127.0.0.1:" + collector.port() + "/v1/traces");
        var self = new SelfLabels("", "shop", app, "v1", "", "tulle", app + "-1", Optional.empty());
        return SpanExporter.start(new SpanExporter.Settings(to, 16, 1, Duration.ZERO), self);
    }

    @AfterEach
    void end() throws IOException {
        fleet.close();
        cartSpans.close();
        webSpans.close();
        application.close();
        collector.close();
    }

    /** Returns the traceparent that reached the application. */
    private String call(String headers) throws Exception {
        try (var client = pair.call()) {
            client.send("GET /items?token=hush HTTP/1.1\r\nHost: cart:4000\r\n" + headers + "\r\n")
                    .response();
        }
        return application.requests().getLast().header("traceparent").orElse("");
    }

    private record Received(String text, Map<String, String> fields) {
        String get(String field) {
            return Optional.ofNullable(fields.get(field)).orElse("");
        }
    }

    private Received next() throws InterruptedException {
        var text = received.poll(20, TimeUnit.SECONDS);
        if (text == null) throw new AssertionError("no spans came");
        var span = text.substring(text.indexOf("\"spans\":"), text.indexOf("\"startTimeUnixNano\""));
        var fields = FIELD.matcher(span)
                .results()
                .collect(java.util.stream.Collectors.toMap(found -> found.group(1), found -> found.group(2)));
        return new Received(text, fields);
    }

    @Test
    void linksTheClientsSpanToTheServersInOneTrace() throws Exception {
        var reached = call("");
        var one = next();
        var two = next();
        var client = one.get("kind").equals("3") ? one : two;
        var server = one.get("kind").equals("3") ? two : one;
        assertEquals("3", client.get("kind"));
        assertEquals("2", server.get("kind"));
        assertEquals("", client.get("parentSpanId"));
        assertEquals(client.get("traceId"), server.get("traceId"));
        assertEquals(client.get("spanId"), server.get("parentSpanId"));
        assertEquals("00-" + server.get("traceId") + "-" + server.get("spanId") + "-03", reached);
        assertEquals("GET cart.shop.tulle", client.get("name"));
        assertTrue(server.text().contains("{\"key\":\"service.name\",\"value\":{\"stringValue\":\"cart\"}}"));
        assertFalse(server.text().contains("hush"), server.text());
    }

    @Test
    void followsTheCallersTraceAndItsState() throws Exception {
        var reached = call("traceparent: " + CALLER + "01\r\ntracestate: a=1,b=2\r\n");
        assertTrue(reached.startsWith(CALLER.substring(0, 36)), reached);
        assertEquals(Optional.of("a=1,b=2"), application.requests().getLast().header("tracestate"));
        var one = next();
        var two = next();
        var client = one.get("kind").equals("3") ? one : two;
        assertEquals("b7ad6b7169203331", client.get("parentSpanId"));
        assertEquals("0af7651916cd43dd8448eb211c80319c", client.get("traceId"));
    }

    @Test
    void recordsNothingOfACallerThatIsNotSampled() throws Exception {
        assertTrue(call("traceparent: " + CALLER + "00\r\n").endsWith("-00"));
        call("traceparent: " + CALLER + "01\r\n");
        assertEquals("0af7651916cd43dd8448eb211c80319c", next().get("traceId"));
        next();
        assertTrue(received.isEmpty());
    }

    @Test
    void sendsWhatWaitsForMoreWhenItEnds() throws Exception {
        var to = URI.create("http://127.0.0.1:" + collector.port() + "/v1/traces");
        var self = new SelfLabels("", "shop", "late", "v1", "", "tulle", "late-1", Optional.empty());
        var patient = SpanExporter.start(new SpanExporter.Settings(to, 16, 512, Duration.ofHours(1)), self);
        call("traceparent: " + CALLER + "01\r\n");
        next();
        next();
        patient.ended(fleet.nextReport());
        patient.ended(fleet.nextReport());
        patient.close();
        assertTrue(next().text().contains("{\"key\":\"service.name\",\"value\":{\"stringValue\":\"late\"}}"));
        assertEquals(0, patient.dropped());
    }

    @Test
    void dropsWhatACollectorDoesNotTakeAndServesOn() throws Exception {
        collector.close();
        call("");
        fleet.nextReport();
        fleet.nextReport();
        call("");
        assertEquals(2, application.requests().size());
    }
}
