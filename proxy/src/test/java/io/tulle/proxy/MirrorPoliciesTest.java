package io.tulle.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.Protocol;
import io.tulle.model.match.RequestMatch;
import io.tulle.model.policy.Balancing;
import io.tulle.model.policy.ConnectionLimits;
import io.tulle.model.policy.DestinationPolicy;
import io.tulle.model.policy.MirrorPolicy;
import io.tulle.model.policy.OutlierPolicy;
import io.tulle.model.policy.Percentage;
import io.tulle.model.policy.RoutePolicy;
import io.tulle.model.policy.Towards;
import io.tulle.proxy.balance.EndpointState;
import io.tulle.proxy.report.ExchangeListener.Copied;
import io.tulle.testkit.NestOrigin;
import io.tulle.testkit.NestSocket;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Origin;
import io.tulle.testkit.RawSocket;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.WireSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a mirror's own DestinationRule asks for holds for copies as it does for requests. */
@ExtendWith(NoLeaks.class)
final class MirrorPoliciesTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: cart:4000\r\n\r\n";
    private static final String CALL = "{\"pattern\":\"p\",\"data\":1,\"id\":\"i\"}";

    /** Two failures in a row, and for long. */
    private static final OutlierPolicy EJECTING = new OutlierPolicy(
            OptionalInt.of(2),
            OptionalInt.empty(),
            OptionalInt.empty(),
            false,
            Duration.ofSeconds(10),
            Duration.ofMinutes(5),
            100,
            0);

    private final Fleet fleet = new Fleet();
    private final CopiesHeard copies = new CopiesHeard();

    @AfterEach
    void end() {
        fleet.close();
    }

    private static RouteSpec mirrored() {
        var mirror = new MirrorPolicy.Mirror(new Towards.Cluster("m"), Percentage.ALL, true);
        return new RouteSpec(
                "all",
                List.of(RequestMatch.ANY),
                ActionSpec.Forward.to("c"),
                RoutePolicy.set(Optional.of(new MirrorPolicy(List.of(mirror)))));
    }

    private static ClusterSpec mirror(Protocol protocol, DestinationPolicy policy, int... ports) {
        var endpoints = new ArrayList<EndpointSpec>();
        for (var port : ports) endpoints.add(EndpointSpec.of("mirror-" + endpoints.size(), "127.0.0.1", port));
        return new ClusterSpec(
                "m",
                "m",
                new ClusterSpec.Source.Fixed(endpoints),
                protocol,
                new ClusterSpec.Security.Plaintext(),
                DestinationPolicy.NONE.with(Balancing.ROUND_ROBIN).with(policy));
    }

    private Sidecar requests(DestinationPolicy policy, int... mirrors) throws Exception {
        fleet.watchNext(copies);
        return fleet.alone(
                SidecarSettings.DEFAULT,
                Fleet.door(Fleet.routed()),
                Fleet.cluster("c", fleet.keep(Origin.saying("real"))),
                mirror(Protocol.HTTP, policy, mirrors),
                Fleet.table(mirrored()));
    }

    private Sidecar messages(DestinationPolicy policy, int... mirrors) throws Exception {
        fleet.watchNext(copies);
        return fleet.alone(
                SidecarSettings.DEFAULT,
                Fleet.door(new WireSpec.NestTcp("routes", List.of())),
                Fleet.cluster(
                        "c",
                        ConnectionLimits.DEFAULT,
                        Protocol.NEST_TCP,
                        fleet.keep(NestOrigin.saying("real")).port()),
                mirror(Protocol.NEST_TCP, policy, mirrors),
                Fleet.table(mirrored()));
    }

    private Copied nextCopy() throws InterruptedException {
        return copies.next();
    }

    private static List<EndpointState> states(Sidecar proxy) {
        var cluster = proxy.plan().current().cluster("m").orElseThrow();
        return cluster.endpoints().endpoints().stream().map(e -> e.state()).toList();
    }

    /** Asks until this many copies have come to their ends, one after the other. */
    private void ask(Sidecar proxy, int times) throws Exception {
        try (var client = RawSocket.to(Fleet.at(proxy))) {
            for (var i = 0; i < times; i++) {
                assertEquals("real", client.send(GET).response().body());
                nextCopy();
            }
        }
    }

    @Test
    void anEndpointThatTakesNoCopiesIsLeftOut() throws Exception {
        var mirror = fleet.keep(Origin.saying("of the mirror"));
        var proxy = requests(EJECTING, fleet.nobodyListens(), mirror.port());
        ask(proxy, 4);
        assertTrue(states(proxy).getFirst().isEjected());
        copies.clear();
        ask(proxy, 4);
        assertEquals(6, mirror.requests().size(), "two of the first four, and all of the others");
    }

    @Test
    void anEndpointThatAnswersCopiesWithErrorsIsLeftOut() throws Exception {
        var failing = fleet.keep(Origin.start((_, connection) -> {
            connection.send("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
            return true;
        }));
        var proxy = requests(
                EJECTING, failing.port(), fleet.keep(Origin.saying("fine")).port());
        try (var client = RawSocket.to(Fleet.at(proxy))) {
            while (!states(proxy).getFirst().isEjected()) {
                assertEquals("real", client.send(GET).response().body());
                assertTrue(failing.requests().size() < 20, "it is never left out");
            }
        }
        assertFalse(states(proxy).getLast().isEjected());
    }

    @Test
    void anEndpointThatTakesNoCopiesOfMessagesIsLeftOut() throws Exception {
        var proxy = messages(
                EJECTING,
                fleet.nobodyListens(),
                fleet.keep(NestOrigin.saying("mirror")).port());
        try (var client = NestSocket.to(Fleet.at(proxy))) {
            for (var i = 0; i < 4; i++) {
                assertTrue(client.send(CALL).next().contains("real"));
                nextCopy();
            }
        }
        assertTrue(states(proxy).getFirst().isEjected());
    }

    @Test
    void copiesOfMessagesTakePlacesAmongTheMirrorsRequestsAndGiveThemBack() throws Exception {
        var none = messages(most(0), fleet.keep(NestOrigin.saying("mirror")).port());
        try (var client = NestSocket.to(Fleet.at(none))) {
            assertTrue(client.send(CALL).next().contains("real"));
            assertEquals(Copied.DROPPED, nextCopy());
        }
        var one = messages(most(1), fleet.keep(NestOrigin.saying("mirror")).port());
        try (var client = NestSocket.to(Fleet.at(one))) {
            for (var i = 0; i < 10; i++) {
                assertTrue(client.send(CALL).next().contains("real"));
                assertEquals(Copied.SENT, nextCopy());
            }
        }
    }

    private static ConnectionLimits most(int requests) {
        return new ConnectionLimits(
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.of(requests),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Duration.ofSeconds(5),
                Optional.empty());
    }
}
