package io.tulle.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.Protocol;
import io.tulle.proxy.listen.DestinationDesk;
import io.tulle.proxy.pool.ApplicationPorts;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Origin;
import io.tulle.testkit.TcpOrigin;
import io.tulle.xds.spec.DestinationSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.NameSpec;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.Spec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A destination that a sidecar knows by name alone, and that its application dials. */
@ExtendWith(NoLeaks.class)
class OnDemandTest {
    private static final String HOST = "cart.shop.tulle";
    private static final String GET = "GET / HTTP/1.1\r\nHost: cart\r\n\r\n";

    private final Fleet fleet = new Fleet();
    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    private Origin application;
    private Pair pair;
    private NameSpec known = new NameSpec(HOST, List.of(), List.of(), new TreeMap<>(), false);

    @BeforeEach
    void begin() throws IOException {
        application = Origin.saying("fine");
        pair = new Pair(fleet, application.port());
        knowByNameAlone(Protocol.HTTP);
    }

    private void knowByNameAlone(Protocol protocol) {
        pair.web.uses().ask(new DestinationDesk() {
            @Override
            public void want(String host) {
                asked.add("+" + host);
            }

            @Override
            public void release(String host) {
                asked.add("-" + host);
            }
        });
        known = new NameSpec(HOST, List.of(), List.of(), new TreeMap<>(Map.of(4000, protocol)), false);
        Fleet.apply(pair.web, pair.trust(), known);
    }

    @AfterEach
    void end() throws IOException {
        fleet.close();
        application.close();
    }

    @Test
    void whoDialsItWaitsUntilAllOfItIsTold() throws Exception {
        try (var first = pair.call("cart.shop", Pair.SECRET);
                var second = pair.call("Cart.Shop.Tulle.", Pair.SECRET)) {
            first.send(GET);
            second.send(GET);
            assertEquals("+" + HOST, asked.poll(20, TimeUnit.SECONDS));

            Fleet.apply(pair.web, all(new DestinationSpec(HOST, true)));

            assertEquals(200, first.response().status());
            assertEquals(200, second.response().status());
        }
        assertEquals(List.of(), List.copyOf(asked), "it is asked for once");
    }

    @Test
    void whatIsNowhereIsRefusedAtOnce() throws Exception {
        try (var caller = pair.call("cart.shop", Pair.SECRET)) {
            caller.send(GET);
            assertEquals("+" + HOST, asked.poll(20, TimeUnit.SECONDS));

            Fleet.apply(pair.web, pair.trust(), known, new DestinationSpec(HOST, false));

            assertEquals("", caller.rest());
        }
        assertTrue(fleet.nextRefusal().startsWith("TUL1703"));
    }

    @Test
    void aPortThatItHasNotIsRefusedWithoutBeingAskedFor() throws Exception {
        Fleet.apply(
                pair.web,
                pair.trust(),
                new NameSpec(HOST, List.of(), List.of(), new TreeMap<>(Map.of(4001, Protocol.HTTP)), false));
        try (var caller = pair.call("cart.shop", Pair.SECRET)) {
            assertEquals("", caller.send(GET).rest());
        }
        assertTrue(fleet.nextRefusal().startsWith("TUL1703"));
        assertEquals(List.of(), List.copyOf(asked));
    }

    @Test
    void whoIsToldNothingInTimeIsRefusedWithTheReason() throws Exception {
        try (var caller = pair.call("cart.shop", Pair.SECRET)) {
            assertEquals("", caller.send(GET).rest());
        }
        var refusal = fleet.nextRefusal();
        assertTrue(refusal.startsWith("TUL1714"), refusal);
    }

    @Test
    void whoHasSaidAllWhileItWaitsIsServedAllTheSame() throws Exception {
        try (var caller = pair.call("cart.shop", Pair.SECRET)) {
            caller.send(GET).shutdownOutput();
            assertEquals("+" + HOST, asked.poll(20, TimeUnit.SECONDS));

            Fleet.apply(pair.web, all(new DestinationSpec(HOST, true)));

            assertEquals(200, caller.response().status());
        }
    }

    @Test
    void bytesAndTheirEndThatComeBeforeTheAnswerAreKept() throws Exception {
        try (var server = TcpOrigin.start(socket -> {
            var all = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            socket.getOutputStream().write(("heard " + all).getBytes(US_ASCII));
        })) {
            pair = new Pair(fleet, server.port(), Protocol.TCP, ApplicationPorts.asDeclared());
            knowByNameAlone(Protocol.TCP);
            try (var caller = pair.call("cart.shop", Pair.SECRET)) {
                caller.send("hello").shutdownOutput();
                assertEquals("+" + HOST, asked.poll(20, TimeUnit.SECONDS));

                Fleet.apply(pair.web, all(new DestinationSpec(HOST, true)));

                assertEquals("heard hello", caller.rest());
            }
        }
    }

    @Test
    void whoHangsUpWhileItWaitsIsForgotten() throws Exception {
        try (var caller = pair.call("cart.shop", Pair.SECRET)) {
            caller.send(GET);
            assertEquals("+" + HOST, asked.poll(20, TimeUnit.SECONDS));
        }
        Fleet.apply(pair.web, all(new DestinationSpec(HOST, true)));
        try (var next = pair.call("cart.shop", Pair.SECRET)) {
            assertEquals(200, next.send(GET).response().status());
        }
    }

    @Test
    void whatWasSaidBeforeARefusalIsLetGo() throws Exception {
        try (var caller = pair.call("cart.shop", Pair.SECRET)) {
            caller.send(GET).shutdownOutput();
            assertEquals("+" + HOST, asked.poll(20, TimeUnit.SECONDS));

            Fleet.apply(pair.web, pair.trust(), known, new DestinationSpec(HOST, false));

            assertEquals("", caller.rest());
        }
        assertTrue(fleet.nextRefusal().startsWith("TUL1703"));
    }

    private Spec[] all(Spec... more) {
        var specs = new ArrayList<>(List.of(more));
        specs.addAll(Arrays.asList(pair.webSpecs(List.of(Pair.CART), RouteSpec.toCluster("all", "outbound"))));
        // The names by which it was dialled, as the control plane tells them.
        specs.replaceAll(spec -> spec instanceof ListenerSpec listener
                ? new ListenerSpec(
                        HOST + ":4000",
                        new ListenerSpec.Place.Outbound(List.of("cart", "cart.shop", HOST), List.of(), 4000),
                        listener.chains())
                : spec);
        specs.add(known);
        return specs.toArray(Spec[]::new);
    }
}
