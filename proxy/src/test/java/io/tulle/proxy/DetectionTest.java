package io.tulle.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.model.Protocol;
import io.tulle.model.policy.ConnectionLimits;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.RawSocket;
import io.tulle.testkit.TcpOrigin;
import io.tulle.xds.spec.ActionSpec.Target;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.WireSpec;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A port declared without a protocol, whose callers speak what they like. */
@ExtendWith(NoLeaks.class)
class DetectionTest {
    private final Fleet fleet = new Fleet();

    @AfterEach
    void end() {
        fleet.close();
    }

    private Sidecar undeclared() throws IOException {
        var echo = fleet.keep(TcpOrigin.echo());
        var http = new WireSpec.Http("routes", List.of());
        var tcp = new WireSpec.Tcp(List.of(Target.of("c")), List.of());
        return fleet.alone(
                SidecarSettings.DEFAULT,
                Fleet.door(new WireSpec.Detected(http, tcp)),
                Fleet.cluster("c", ConnectionLimits.DEFAULT, Protocol.UNDECLARED, echo.port()),
                Fleet.table(RouteSpec.toCluster("all", "c")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET foo\r\n",
                "OPTIONS rtsp://camera/1 RTSP/1.0\r\nCSeq: 1\r\n\r\n",
                "OPTIONS sip:ann@example.com SIP/2.0\r\n\r\n",
                "GE\u0001\u0002"
            })
    void whatOnlyBeginsLikeARequestIsPassedOnAsItIs(String said) throws Exception {
        var proxy = undeclared();
        try (var client = RawSocket.to(Fleet.at(proxy))) {
            assertEquals(said, client.send(said).until(said));
        }
        // The same in pieces, with no hurry: the endpoint is dialled by then.
        try (var client = RawSocket.to(Fleet.at(proxy))) {
            for (var b : said.getBytes(ISO_8859_1)) client.send(new byte[] {b});
            assertEquals(said, client.until(said));
        }
    }

    @Test
    void aBeginningThatNothingFollowsIsPassedOnToo() throws Exception {
        var proxy = undeclared();
        try (var client = RawSocket.to(Fleet.at(proxy))) {
            assertEquals("GE", client.send("GE").until("GE"));
        }
        try (var client = RawSocket.to(Fleet.at(proxy))) {
            client.send("GET");
            client.shutdownOutput();
            assertEquals("GET", client.rest());
        }
    }

    @Test
    void aRequestInPiecesIsOne() throws Exception {
        var proxy = undeclared();
        try (var client = RawSocket.to(Fleet.at(proxy))) {
            for (var b : "GET / HTTP/1.1\r\nHost: a b\r\n\r\n".getBytes(ISO_8859_1)) client.send(new byte[] {b});
            assertEquals(400, client.response().status());
        }
    }
}
