package io.tulle.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.model.Protocol;
import io.tulle.model.policy.Balancing;
import io.tulle.model.policy.ConnectionLimits;
import io.tulle.model.policy.DestinationPolicy;
import io.tulle.testkit.NestOrigin;
import io.tulle.testkit.NestSocket;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Origin;
import io.tulle.testkit.RawSocket;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.Spec;
import io.tulle.xds.spec.WireSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** When replicas are added (2 to 4), a caller that keeps its one connection has its requests at all four at once, evenly. */
@ExtendWith(NoLeaks.class)
final class RebalanceTest {
    private static final int REQUESTS = 4_000;

    private final Fleet fleet = new Fleet();

    @AfterEach
    void end() {
        fleet.close();
    }

    @Test
    void requestsOfAConnectionThatStaysOpenAreShared() throws Exception {
        var origins = new ArrayList<Origin>();
        for (int i = 0; i < 4; i++) origins.add(fleet.keep(Origin.saying("x")));
        var ports = origins.stream().mapToInt(Origin::port).toArray();
        var proxy = fleet.alone(SidecarSettings.DEFAULT, specs(Fleet.routed(), Protocol.HTTP, Arrays.copyOf(ports, 2)));
        try (var client = RawSocket.to(Fleet.at(proxy))) {
            ask(client, 10);
            Fleet.apply(proxy, specs(Fleet.routed(), Protocol.HTTP, ports));
            var before = origins.stream().map(each -> each.requests().size()).toList();
            ask(client, REQUESTS);
            for (int i = 0; i < 4; i++) assertShare(origins.get(i).requests().size() - before.get(i));
        }
    }

    @Test
    void messagesOfAConnectionThatStaysOpenAreShared() throws Exception {
        var origins = new ArrayList<NestOrigin>();
        for (int i = 0; i < 4; i++) origins.add(fleet.keep(NestOrigin.saying("x")));
        var ports = origins.stream().mapToInt(NestOrigin::port).toArray();
        var wire = new WireSpec.NestTcp("routes", List.of());
        var proxy = fleet.alone(SidecarSettings.DEFAULT, specs(wire, Protocol.NEST_TCP, Arrays.copyOf(ports, 2)));
        try (var client = NestSocket.to(Fleet.at(proxy))) {
            call(client, 10);
            Fleet.apply(proxy, specs(wire, Protocol.NEST_TCP, ports));
            var before = origins.stream().map(each -> each.messages().size()).toList();
            call(client, REQUESTS);
            for (int i = 0; i < 4; i++) assertShare(origins.get(i).messages().size() - before.get(i));
        }
    }

    /** Within a tenth of a quarter. */
    private static void assertShare(int met) {
        assertEquals(REQUESTS / 4, met, REQUESTS / 40);
    }

    private static void ask(RawSocket client, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            client.send("GET / HTTP/1.1\r\nHost: c\r\n\r\n");
            assertEquals(200, client.response().status());
        }
    }

    private static void call(NestSocket client, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            client.send("{\"pattern\":\"p\",\"data\":1,\"id\":\"i\"}");
            client.next();
        }
    }

    private static Spec[] specs(WireSpec wire, Protocol protocol, int... ports) {
        var cluster = Fleet.cluster("c", ConnectionLimits.DEFAULT, protocol, ports);
        return new Spec[] {
            Fleet.door(wire),
            new ClusterSpec(
                    "c",
                    "c",
                    cluster.source(),
                    protocol,
                    cluster.security(),
                    DestinationPolicy.NONE.with(Balancing.LEAST_REQUEST)),
            Fleet.table(RouteSpec.toCluster("all", "c"))
        };
    }
}
