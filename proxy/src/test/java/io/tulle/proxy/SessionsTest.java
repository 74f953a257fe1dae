package io.tulle.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.match.RequestMatch;
import io.tulle.model.policy.ConnectionLimits;
import io.tulle.model.policy.HeaderEdits;
import io.tulle.model.policy.RoutePolicy;
import io.tulle.model.policy.SessionPolicy;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Origin;
import io.tulle.testkit.RawResponse;
import io.tulle.testkit.RawSocket;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.Spec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A session stays with the endpoint that answered its first request. */
@ExtendWith(NoLeaks.class)
final class SessionsTest {
    private static final SessionPolicy COOKIE =
            new SessionPolicy(new SessionPolicy.Cookie("room", "/", false), Optional.empty());

    private final Fleet fleet = new Fleet();
    private final List<Origin> origins = new ArrayList<>();

    @AfterEach
    void end() {
        fleet.close();
    }

    @Test
    void aSessionOfACookieStaysAndOthersGoElsewhere() throws Exception {
        var proxy = proxy(COOKIE);
        var homes = new HashSet<String>();
        for (int caller = 0; caller < 6; caller++) {
            var first = get(proxy, "A: b");
            var given = first.header("set-cookie").orElseThrow();
            assertTrue(given.matches("room=[A-Za-z0-9+/=]+; Path=/; HttpOnly"), given);
            for (int i = 0; i < 4; i++) {
                var next = get(proxy, "Cookie: x=1; " + cookie(first));
                assertEquals(first.body(), next.body());
                assertEquals(Optional.empty(), next.header("set-cookie"), "it is where it was");
            }
            homes.add(first.body());
        }
        assertEquals(Set.of("a", "b", "c"), homes);
    }

    @Test
    void aSessionOfAHeaderStays() throws Exception {
        var proxy = proxy(new SessionPolicy(new SessionPolicy.Header("x-room"), Optional.empty()));
        var first = get(proxy, "A: b");
        var token = first.header("x-room").orElseThrow();
        for (int i = 0; i < 6; i++)
            assertEquals(first.body(), get(proxy, "X-Room: " + token).body());
        var place = new String(Base64.getDecoder().decode(token), StandardCharsets.US_ASCII);
        assertTrue(place.matches("127\\.0\\.0\\.1:\\d+"), place + " is Envoy's form");
    }

    @Test
    void aSessionWhoseEndpointIsGoneGoesElsewhereAndIsToldSo() throws Exception {
        var proxy = proxy(COOKIE);
        var first = get(proxy, "A: b");
        origins.remove(List.of("a", "b", "c").indexOf(first.body()));
        Fleet.apply(proxy, specs(COOKIE));
        var next = get(proxy, "Cookie: " + cookie(first));
        assertNotEquals(first.body(), next.body());
        assertEquals(next.body(), get(proxy, "Cookie: " + cookie(next)).body());
    }

    @Test
    void aSessionStaysWithItsShareOfASplit() throws Exception {
        for (var word : List.of("a", "b")) origins.add(fleet.keep(Origin.saying(word)));
        var legs = List.of(leg("one"), leg("two"));
        var route = new RouteSpec(
                "all",
                List.of(RequestMatch.ANY),
                new ActionSpec.Forward(legs, Optional.empty(), Optional.empty()),
                RoutePolicy.NONE.with(COOKIE));
        var proxy = fleet.alone(
                SidecarSettings.DEFAULT,
                Fleet.door(Fleet.routed()),
                Fleet.cluster("one", origins.getFirst()),
                Fleet.cluster("two", origins.getLast()),
                Fleet.table(route));
        for (int caller = 0; caller < 10; caller++) {
            var first = get(proxy, "A: b");
            for (int i = 0; i < 5; i++)
                assertEquals(
                        first.body(), get(proxy, "Cookie: " + cookie(first)).body());
        }
    }

    /** What nobody here gave out: not an endpoint, not Base64, cut short, over. */
    @Test
    void aTokenThatNamesNoEndpointIsNoToken() throws Exception {
        var proxy = proxy(
                new SessionPolicy(new SessionPolicy.Cookie("room", "/", true), Optional.of(Duration.ofMinutes(5))));
        var stranger = "\n\r10.9.9.9:4000";
        var at = "127.0.0.1:" + origins.getFirst().port();
        var ended = "\n" + (char) at.length() + at + (char) 16 + (char) 1;
        for (var token : List.of("%%%", "", "AAAA", base64(stranger), base64(ended), base64("\n~x"))) {
            var answer = get(proxy, "Cookie: room=" + token);
            assertEquals(200, answer.status());
            var given = answer.header("set-cookie").orElseThrow();
            assertTrue(given.endsWith("; Max-Age=300; Path=/; HttpOnly"), given);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static ActionSpec.Target leg(String cluster) {
        return new ActionSpec.Target(cluster, 50, HeaderEdits.NONE, HeaderEdits.NONE);
    }

    private static String cookie(RawResponse answer) {
        var given = answer.header("set-cookie").orElseThrow();
        return given.substring(0, given.indexOf(';'));
    }

    private Sidecar proxy(SessionPolicy session) throws IOException {
        for (var word : List.of("a", "b", "c")) origins.add(fleet.keep(Origin.saying(word)));
        return fleet.alone(SidecarSettings.DEFAULT, specs(session));
    }

    private Spec[] specs(SessionPolicy session) {
        return new Spec[] {
            Fleet.door(Fleet.routed()),
            Fleet.cluster("c", ConnectionLimits.DEFAULT, origins.toArray(Origin[]::new)),
            Fleet.table(RouteSpec.toCluster("all", "c").with(Optional.of(session)))
        };
    }

    private static RawResponse get(Sidecar proxy, String header) throws IOException {
        try (var client = RawSocket.to(Fleet.at(proxy))) {
            return client.send("GET / HTTP/1.1\r\nHost: c\r\n" + header + "\r\n\r\n")
                    .response();
        }
    }
}
