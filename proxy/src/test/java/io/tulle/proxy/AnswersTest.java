package io.tulle.proxy;

import static io.tulle.proxy.Fleet.at;
import static io.tulle.proxy.Fleet.cluster;
import static io.tulle.proxy.Fleet.door;
import static io.tulle.proxy.Fleet.table;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.Protocol;
import io.tulle.model.match.RequestMatch;
import io.tulle.model.policy.ConnectionLimits;
import io.tulle.model.policy.FaultPolicy;
import io.tulle.model.policy.HeaderEdits;
import io.tulle.model.policy.HeaderPolicy;
import io.tulle.model.policy.PathRewrite;
import io.tulle.model.policy.Percentage;
import io.tulle.model.policy.RoutePolicy;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Origin;
import io.tulle.testkit.RawHttp2;
import io.tulle.testkit.RawSocket;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.RouteSpec;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is answered in the application's place: a route's own answers, redirects and faults, over both versions of HTTP. */
@ExtendWith(NoLeaks.class)
class AnswersTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private final Fleet fleet = new Fleet();

    @AfterEach
    void end() {
        fleet.close();
    }

    private Sidecar proxy(RouteSpec route) throws IOException {
        var origin = fleet.keep(Origin.saying("from the application"));
        return fleet.alone(SidecarSettings.DEFAULT, door(Fleet.routed()), cluster("c", origin), table(route));
    }

    private static RouteSpec route(ActionSpec action, Optional<FaultPolicy> fault, HeaderEdits responseHeaders) {
        return new RouteSpec(
                "all",
                List.of(RequestMatch.ANY),
                action,
                RoutePolicy.set(fault, HeaderPolicy.of(HeaderEdits.NONE, responseHeaders)));
    }

    private static RouteSpec says(int status, String body) {
        return route(new ActionSpec.Respond(status, body), Optional.empty(), HeaderEdits.NONE);
    }

    private static RouteSpec aborts(FaultPolicy.Answer answer) {
        var abort = new FaultPolicy.Abort(answer, Percentage.ALL);
        return route(
                ActionSpec.Forward.to("c"),
                Optional.of(new FaultPolicy(Optional.empty(), Optional.of(abort))),
                HeaderEdits.NONE);
    }

    private static RouteSpec leadsTo(String path, HeaderEdits headers) {
        var redirect = new ActionSpec.Redirect(
                302, Optional.empty(), Optional.empty(), OptionalInt.empty(), Optional.of(new PathRewrite.Full(path)));
        return route(redirect, Optional.empty(), headers);
    }

    @Test
    void aWrittenAnswerIsItsAuthorsAlone() throws Exception {
        var proxy = proxy(says(200, "OK"));
        try (var client = RawSocket.to(at(proxy))) {
            var answer = client.send(GET).response();
            assertEquals(200, answer.status());
            assertEquals("OK", answer.body());
            assertEquals(
                    "text/plain; charset=utf-8", answer.header("content-type").orElse(""));
            assertFalse(answer.header("x-tulle-code").isPresent());
            assertFalse(answer.header("x-tulle-flag").isPresent());
        }
        var outcome = fleet.nextReport().outcome();
        assertEquals("-", outcome.flags());
        assertEquals("direct_response", outcome.detail());
        assertTrue(outcome.reason().isEmpty());
    }

    @Test
    void headersOfTheResponseAreChangedOnWrittenAnswersAndRedirects() throws Exception {
        var edits = new HeaderEdits(
                List.of(new HeaderEdits.Header("content-type", "application/json")),
                List.of(new HeaderEdits.Header("x-a", "1")),
                List.of());
        var proxy = proxy(route(new ActionSpec.Respond(200, "{}"), Optional.empty(), edits));
        try (var client = RawSocket.to(at(proxy))) {
            var answer = client.send(GET).response();
            assertEquals("application/json", answer.header("content-type").orElse(""));
            assertEquals("1", answer.header("x-a").orElse(""));
            assertEquals("{}", answer.body());
        }
        var elsewhere = proxy(leadsTo("/new?y=2", edits));
        try (var client = RawSocket.to(at(elsewhere))) {
            var answer = client.send("GET /?a=1 HTTP/1.1\r\nHost: a\r\n\r\n").response();
            assertEquals("http://a/new?y=2", answer.header("location").orElse(""));
            assertEquals("1", answer.header("x-a").orElse(""));
            assertEquals("0", answer.header("content-length").orElse(""));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 205, 304})
    void noBodyFollowsAStatusThatForbidsIt(int status) throws Exception {
        var all = List.of(says(status, "a body"), aborts(new FaultPolicy.Answer.Http(status)));
        for (var route : all) {
            var proxy = proxy(route);
            try (var client = RawSocket.to(at(proxy))) {
                for (int i = 0; i < 3; i++) {
                    var head = client.send(GET).until("\r\n\r\n");
                    assertTrue(head.startsWith("HTTP/1.1 " + status), head);
                    var length = status == 205 ? "content-length: 0\r\n" : "";
                    assertEquals(!length.isEmpty(), head.contains("content-length"), head);
                    assertTrue(head.contains(length), head);
                    assertFalse(head.contains("content-type"), head);
                }
            }
            try (var client = RawHttp2.to(at(proxy))) {
                var answer = client.get(1).go().answer(1);
                assertEquals(status, answer.status());
                assertEquals("", answer.body());
                assertEquals(status, client.get(3).go().answer(3).status());
            }
        }
    }

    @Test
    void aHeadIsAnsweredWithoutABody() throws Exception {
        for (var route : List.of(says(200, "a body"), aborts(new FaultPolicy.Answer.Http(418)))) {
            var proxy = proxy(route);
            try (var client = RawSocket.to(at(proxy))) {
                for (int i = 0; i < 2; i++) {
                    var head = client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").responseToHead();
                    assertTrue(Integer.parseInt(head.header("content-length").orElse("0")) > 0, head.toString());
                }
            }
            try (var client = RawHttp2.to(at(proxy))) {
                client.headers(
                        1, RawHttp2.WHOLE, ":method", "HEAD", ":scheme", "http", ":path", "/", ":authority", "a");
                assertEquals("", client.go().answer(1).body());
            }
        }
    }

    @Test
    void aHeadThatIsRefusedIsRefusedWithoutABody() throws Exception {
        var proxy = proxy(says(200, ""));
        try (var client = RawSocket.to(at(proxy))) {
            var all = client.send("HEAD / HTTP/1.1\r\nHost: a b\r\n\r\n").rest();
            assertTrue(all.startsWith("HTTP/1.1 400") && all.endsWith("\r\n\r\n"), all);
        }
        try (var client = RawHttp2.to(at(proxy))) {
            client.headers(1, RawHttp2.WHOLE, ":method", "HEAD", ":scheme", "http", ":path", "/#", ":authority", "a");
            assertEquals("", client.go().answer(1).body());
        }
    }

    /** An HTTP/2 endpoint may end an answer that has no body by an empty frame of its own. */
    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void anAnswerWithoutABodyIsNotChunked(int status) throws Exception {
        var origin = fleet.keep(new RawOrigin((connection, _) -> {
            for (int stream = 1; ; stream += 2) {
                connection.next(RawHttp2.HEADERS);
                connection
                        .headers(stream, RawHttp2.END_HEADERS, ":status", Integer.toString(status))
                        .go();
                connection.frame(RawHttp2.DATA, RawHttp2.END_STREAM, stream).go();
            }
        }));
        var proxy = fleet.alone(
                SidecarSettings.DEFAULT,
                door(Fleet.routed()),
                cluster("c", ConnectionLimits.DEFAULT, Protocol.HTTP2, origin.port()),
                table(RouteSpec.toCluster("all", "c")));
        try (var client = RawSocket.to(at(proxy))) {
            for (int i = 0; i < 3; i++) {
                var head = client.send(GET).until("\r\n\r\n");
                assertTrue(head.startsWith("HTTP/1.1 " + status), head);
                assertFalse(head.contains("transfer-encoding"), head);
                assertEquals(status, fleet.nextReport().outcome().status());
            }
        }
    }

    @Test
    void aGrpcFaultIsAnHttpStatusToWhoeverSpeaksNoGrpc() throws Exception {
        var proxy = proxy(aborts(new FaultPolicy.Answer.Grpc(14)));
        try (var client = RawSocket.to(at(proxy))) {
            assertEquals(503, client.send(GET).response().status());
        }
    }

    @Test
    void aGrpcCallIsToldAWrittenAnswerAsAStatus() throws Exception {
        var proxy = proxy(says(503, "closed for lunch, 100 %"));
        try (var client = RawHttp2.to(at(proxy))) {
            client.post(1, "content-type", "application/grpc")
                    .frame(RawHttp2.DATA, RawHttp2.END_STREAM, 1)
                    .go();
            var answer = client.answer(1);
            assertEquals(200, answer.status());
            assertEquals("14", answer.head().get("grpc-status"));
            assertEquals("closed for lunch, 100 %25", answer.head().get("grpc-message"));
            assertFalse(answer.head().containsKey("x-tulle-code"));
        }
        assertEquals(14, fleet.nextReport().grpcStatus().orElse(-1));
    }

    @Test
    void aQueryInARewriteComesBeforeTheRequests() throws Exception {
        var origin = fleet.keep(Origin.saying(""));
        var forward = new ActionSpec.Forward(
                List.of(ActionSpec.Target.of("c")), Optional.of(new PathRewrite.Full("/new?y=2")), Optional.empty());
        var route = route(forward, Optional.empty(), HeaderEdits.NONE);
        var proxy = fleet.alone(SidecarSettings.DEFAULT, door(Fleet.routed()), cluster("c", origin), table(route));
        try (var client = RawSocket.to(at(proxy))) {
            client.send("GET /x?a=1 HTTP/1.1\r\nHost: a\r\n\r\n").response();
            client.send(GET).response();
        }
        assertEquals("/new?y=2&a=1", origin.requests().getFirst().target());
        assertEquals("/new?y=2", origin.requests().getLast().target());
    }
}
