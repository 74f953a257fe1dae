package io.tulle.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.Protocol;
import io.tulle.model.match.TextMatch;
import io.tulle.model.policy.Authorization;
import io.tulle.model.policy.AuthorizationRule;
import io.tulle.model.policy.ConnectionLimits;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.pool.ApplicationPorts;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.RawSocket;
import io.tulle.testkit.TcpOrigin;
import io.tulle.xds.spec.ActionSpec.Target;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.WireSpec;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Opaque bytes: through two sidecars with mutual TLS, and through a port whose protocol nobody declared. */
@ExtendWith(NoLeaks.class)
class TcpTest {
    private final Fleet fleet = new Fleet(2);

    @AfterEach
    void end() {
        fleet.close();
    }

    private Pair pair(TcpOrigin application) {
        return new Pair(fleet, application.port(), Protocol.TCP, ApplicationPorts.asDeclared());
    }

    @Test
    void carriesBytesBothWays() throws Exception {
        try (var application = TcpOrigin.echo()) {
            var pair = pair(application);
            try (var client = pair.call()) {
                for (int i = 0; i < 50; i++)
                    assertEquals("ping " + i, client.send("ping " + i).until("ping " + i));
            }
            var report = fleet.nextTcpReport();
            assertEquals(340, report.receivedBytes());
            assertEquals(340, report.sentBytes());
        }
    }

    @Test
    void hearsAServerThatSpeaksFirst() throws Exception {
        try (var application = TcpOrigin.start(socket -> {
            socket.getOutputStream().write("220 ready\r\n".getBytes(US_ASCII));
            socket.getInputStream().transferTo(socket.getOutputStream());
        })) {
            try (var client = pair(application).call()) {
                client.until("220 ready\r\n");
                assertEquals("EHLO", client.send("EHLO").until("EHLO"));
            }
        }
    }

    @Test
    void closesTheCallersSideWhenTheServerCloses() throws Exception {
        try (var application =
                TcpOrigin.start(socket -> socket.getOutputStream().write("bye".getBytes(US_ASCII)))) {
            try (var client = pair(application).call()) {
                assertEquals("bye", client.rest());
            }
        }
    }

    @Test
    void closesAnOpenConnectionThatAPolicyForbidsNow() throws Exception {
        try (var application = TcpOrigin.echo()) {
            var pair = pair(application);
            try (var client = pair.call()) {
                client.send("a").until("a");
                var denyWeb = new AuthorizationRule(List.of(source(Pair.WEB.principal())), List.of());
                var policy = new Authorization("shop/no-web", Authorization.Action.DENY, List.of(denyWeb));
                Fleet.apply(pair.cart, pair.cartSpecs(application.port(), List.of(policy)));
                assertEquals("", client.rest());
                assertEquals(
                        Optional.of(Reason.DENIED),
                        fleet.nextTcpReport().outcome().reason());
            }
            try (var client = pair.call()) {
                assertEquals("", client.send("a").rest());
            }
            Fleet.apply(pair.cart, pair.cartSpecs(application.port(), List.of()));
            try (var client = pair.call()) {
                client.send("a").until("a");
            }
        }
    }

    private static AuthorizationRule.Source source(String principal) {
        return new AuthorizationRule.Source(
                List.of(new TextMatch.Exact(principal)), List.of(), List.of(), List.of(), List.of(), List.of());
    }

    @Test
    void passesOnThatACallerHasSaidAll() throws Exception {
        // Without TLS between: one proxy alone.
        try (var application = TcpOrigin.start(socket -> {
            var all = socket.getInputStream().readAllBytes();
            socket.getOutputStream().write(("got " + all.length).getBytes(US_ASCII));
        })) {
            var proxy = alone(new WireSpec.Tcp(List.of(Target.of("c")), List.of()), Protocol.TCP, application);
            try (var client = RawSocket.to(Fleet.at(proxy))) {
                client.send("12345").shutdownOutput();
                assertEquals("got 5", client.rest());
            }
        }
    }

    private Sidecar alone(WireSpec wire, Protocol protocol, TcpOrigin application) {
        var cluster = Fleet.cluster("c", ConnectionLimits.DEFAULT, protocol, application.port());
        return fleet.alone(
                SidecarSettings.DEFAULT, Fleet.door(wire), cluster, Fleet.table(RouteSpec.toCluster("all", "c")));
    }

    private Sidecar undeclared(TcpOrigin application) {
        var http = new WireSpec.Http("routes", List.of());
        var tcp = new WireSpec.Tcp(List.of(Target.of("c")), List.of());
        return alone(new WireSpec.Detected(http, tcp), Protocol.UNDECLARED, application);
    }

    /** Greets nobody; answers a request, or echoes anything else. */
    private static TcpOrigin either() throws Exception {
        return TcpOrigin.start(socket -> {
            var first = new byte[3];
            if (socket.getInputStream().readNBytes(first, 0, 3) < 3) return;
            if (new String(first, US_ASCII).equals("GET")) {
                socket.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhttp".getBytes(US_ASCII));
            } else {
                socket.getOutputStream().write(first);
            }
            socket.getInputStream().transferTo(socket.getOutputStream());
        });
    }

    @Test
    void tellsRequestsFromOtherBytes() throws Exception {
        try (var application = either()) {
            var proxy = undeclared(application);
            try (var client = RawSocket.to(Fleet.at(proxy))) {
                assertEquals(
                        "http",
                        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                                .response()
                                .body());
            }
            assertEquals("all", fleet.nextReport().route().orElseThrow());
            try (var client = RawSocket.to(Fleet.at(proxy))) {
                assertEquals("*1\r\n$4", client.send("*1\r\n$4").until("*1\r\n$4"));
            }
            assertEquals(6, fleet.nextTcpReport().receivedBytes());
        }
    }

    @Test
    void takesARequestThatComesLateForARequest() throws Exception {
        try (var application = either()) {
            var proxy = undeclared(application);
            try (var client = RawSocket.to(Fleet.at(proxy))) {
                // The endpoint is dialled while the caller is silent; that it was is seen at the endpoint.
                while (application.connections() == 0) Thread.onSpinWait();
                assertEquals(
                        "http",
                        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                                .response()
                                .body());
            }
            assertTrue(fleet.nextReport().outcome().reason().isEmpty());
            assertEquals(2, application.connections());
        }
    }

    @Test
    void neverStallsAServerThatSpeaksFirst() throws Exception {
        try (var application = TcpOrigin.start(socket -> {
            socket.getOutputStream().write("+hello".getBytes(US_ASCII));
            socket.getInputStream().transferTo(socket.getOutputStream());
        })) {
            try (var client = RawSocket.to(Fleet.at(undeclared(application)))) {
                client.until("+hello");
                assertEquals("GET / ", client.send("GET / ").until("GET / "));
            }
        }
    }
}
