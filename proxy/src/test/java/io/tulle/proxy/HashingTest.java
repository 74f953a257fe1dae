package io.tulle.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.Protocol;
import io.tulle.model.policy.Balancing;
import io.tulle.model.policy.ConnectionLimits;
import io.tulle.model.policy.DestinationPolicy;
import io.tulle.model.policy.HashKey;
import io.tulle.model.policy.HashPolicy;
import io.tulle.testkit.NestOrigin;
import io.tulle.testkit.NestSocket;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Origin;
import io.tulle.testkit.RawResponse;
import io.tulle.testkit.RawSocket;
import io.tulle.testkit.TcpOrigin;
import io.tulle.xds.spec.ActionSpec.Target;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.WireSpec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Equal requests, messages and callers go to one endpoint, whatever wire they come on. */
@ExtendWith(NoLeaks.class)
final class HashingTest {
    private static final Balancing RING = new Balancing(new Balancing.RingHash(Optional.empty(), 1024));
    private static final Balancing MAGLEV = new Balancing(new Balancing.Maglev(Optional.empty(), 1021));

    private final Fleet fleet = new Fleet();

    @AfterEach
    void end() {
        fleet.close();
    }

    @Test
    void requestsOfOneHeaderGoToOneEndpointAndThoseOfManyToAll() throws Exception {
        var proxy = http(MAGLEV, new HashKey.Header("x-user"));
        var all = new HashSet<String>();
        for (int user = 0; user < 30; user++) {
            var homes = new HashSet<String>();
            for (int i = 0; i < 5; i++)
                homes.add(get(proxy, "/", "X-User: user-" + user).body());
            assertEquals(1, homes.size());
            all.addAll(homes);
        }
        assertEquals(Set.of("a", "b", "c"), all);
    }

    @Test
    void requestsOfOneQueryParameterGoToOneEndpoint() throws Exception {
        var proxy = http(RING, new HashKey.QueryParameter("room"));
        var all = new HashSet<String>();
        for (int room = 0; room < 30; room++) {
            var one = get(proxy, "/?x=" + room + "&room=r" + room, "A: b").body();
            assertEquals(one, get(proxy, "/other?room=r" + room, "A: b").body());
            all.add(one);
        }
        assertEquals(Set.of("a", "b", "c"), all);
    }

    @Test
    void aCallerWithoutTheCookieIsGivenOneAndComesBackToWhereItWas() throws Exception {
        var proxy = http(
                RING,
                new HashKey.Cookie(
                        "stay",
                        Optional.of("/"),
                        Optional.of(Duration.ofMinutes(2)),
                        List.of(new HashKey.Attribute("SameSite", "Lax"))));
        var all = new HashSet<String>();
        for (int caller = 0; caller < 30; caller++) {
            var first = get(proxy, "/", "A: b");
            var given = first.header("set-cookie").orElseThrow();
            assertTrue(given.matches("stay=[0-9a-f]{16}; Max-Age=120; Path=/; SameSite=Lax; HttpOnly"), given);
            var kept = given.substring(0, given.indexOf(';'));
            for (int i = 0; i < 3; i++) {
                var next = get(proxy, "/", "Cookie: other=1; " + kept + "; more=2");
                assertEquals(first.body(), next.body());
                assertEquals(Optional.empty(), next.header("set-cookie"));
            }
            all.add(first.body());
        }
        assertEquals(Set.of("a", "b", "c"), all);
    }

    @Test
    void withoutATtlNobodyIsGivenACookie() throws Exception {
        var proxy = http(RING, new HashKey.Cookie("stay", Optional.empty(), Optional.empty(), List.of()));
        assertEquals(Optional.empty(), get(proxy, "/", "A: b").header("set-cookie"));
    }

    @Test
    void messagesOfOnePatternGoToOneEndpointThoughTheyShareAConnection() throws Exception {
        var origins = new ArrayList<NestOrigin>();
        for (var name : List.of("a", "b", "c")) origins.add(fleet.keep(NestOrigin.saying(name)));
        var proxy = fleet.alone(
                SidecarSettings.DEFAULT,
                Fleet.door(new WireSpec.NestTcp("routes", List.of())),
                cluster(
                        RING,
                        Protocol.NEST_TCP,
                        origins.stream().mapToInt(NestOrigin::port).toArray()),
                Fleet.table(route(new HashKey.Header(":path"))));
        var all = new HashSet<String>();
        try (var client = NestSocket.to(Fleet.at(proxy))) {
            for (int pattern = 0; pattern < 30; pattern++) {
                var homes = new HashSet<String>();
                for (int i = 0; i < 3; i++) {
                    client.send("{\"pattern\":\"p" + pattern + "\",\"data\":1,\"id\":\"i\"}");
                    homes.add(client.next());
                }
                assertEquals(1, homes.size(), homes.toString());
                all.addAll(homes);
            }
        }
        assertEquals(3, all.size());
    }

    @Test
    void connectionsFromOneAddressGoToOneEndpoint() throws Exception {
        var origins = new ArrayList<TcpOrigin>();
        for (int i = 0; i < 3; i++) origins.add(fleet.keep(TcpOrigin.echo()));
        var proxy = fleet.alone(
                SidecarSettings.DEFAULT,
                Fleet.door(new WireSpec.Tcp(List.of(Target.of("c")), List.of(), true)),
                cluster(
                        RING,
                        Protocol.TCP,
                        origins.stream().mapToInt(TcpOrigin::port).toArray()));
        for (int host = 1; host <= 30; host++) {
            var before = origins.stream().map(TcpOrigin::connections).toList();
            for (int i = 0; i < 3; i++) echo(proxy, "127.0.0." + host);
            int met = 0;
            for (int i = 0; i < 3; i++) {
                if (origins.get(i).connections() > before.get(i)) met++;
            }
            assertEquals(1, met);
        }
        assertTrue(origins.stream().allMatch(origin -> origin.connections() > 0));
    }

    @Test
    void anEndpointThatComesToALivePlanWarmsUp() throws Exception {
        var ports = new int[2];
        for (int i = 0; i < ports.length; i++)
            ports[i] = fleet.keep(Origin.saying(List.of("old", "new").get(i))).port();
        var warming = new Balancing(
                Balancing.Simple.ROUND_ROBIN, Optional.of(new Balancing.Warmup(Duration.ofHours(1), 10, 1)));
        var route = Fleet.table(RouteSpec.toCluster("all", "c"));
        var door = Fleet.door(Fleet.routed());
        var proxy = fleet.alone(SidecarSettings.DEFAULT, door, cluster(warming, Protocol.HTTP, ports[0]), route);
        get(proxy, "/", "A: b");
        Fleet.apply(proxy, door, cluster(warming, Protocol.HTTP, ports), route);
        int met = 0;
        for (int i = 0; i < 200; i++) {
            if (get(proxy, "/", "A: b").body().equals("new")) met++;
        }
        assertTrue(met < 60, met + " of 200, and 18 are its share");
    }

    private static void echo(Sidecar proxy, String from) throws IOException {
        var socket = new Socket();
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(Fleet.at(proxy));
        try (var client = RawSocket.over(socket)) {
            client.send("x");
            assertEquals("x", client.until("x"));
        }
    }

    private Sidecar http(Balancing balancing, HashKey key) throws IOException {
        var ports = new int[3];
        for (int i = 0; i < ports.length; i++)
            ports[i] = fleet.keep(Origin.saying(List.of("a", "b", "c").get(i))).port();
        return fleet.alone(
                SidecarSettings.DEFAULT,
                Fleet.door(Fleet.routed()),
                cluster(balancing, Protocol.HTTP, ports),
                Fleet.table(route(key)));
    }

    private static RouteSpec route(HashKey key) {
        return RouteSpec.toCluster("all", "c").with(Optional.of(new HashPolicy(List.of(key))));
    }

    private static ClusterSpec cluster(Balancing balancing, Protocol protocol, int... ports) {
        var cluster = Fleet.cluster("c", ConnectionLimits.DEFAULT, protocol, ports);
        return new ClusterSpec(
                "c", "c", cluster.source(), protocol, cluster.security(), DestinationPolicy.NONE.with(balancing));
    }

    private static RawResponse get(Sidecar proxy, String target, String header) throws IOException {
        try (var client = RawSocket.to(Fleet.at(proxy))) {
            return client.send("GET " + target + " HTTP/1.1\r\nHost: c\r\n" + header + "\r\n\r\n")
                    .response();
        }
    }
}
