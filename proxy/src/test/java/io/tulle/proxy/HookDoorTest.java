package io.tulle.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.unix.DomainSocketAddress;
import io.tulle.model.Protocol;
import io.tulle.proxy.plan.Addresses;
import io.tulle.proxy.pool.ApplicationPorts.Place;
import io.tulle.proxy.preface.LaunchSecret;
import io.tulle.proxy.preface.ProxyHeader;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Origin;
import io.tulle.testkit.TcpOrigin;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the Node hook and the sidecar say to each other before an application's bytes. */
@ExtendWith(NoLeaks.class)
class HookDoorTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: cart\r\n\r\n";

    private final Fleet fleet = new Fleet();

    @AfterEach
    void end() {
        fleet.close();
    }

    @Test
    void letsInOnlyWhoKnowsTheSecret() throws Exception {
        try (var application = Origin.saying("fine")) {
            var pair = new Pair(fleet, application.port());
            try (var client = pair.call()) {
                assertEquals(200, client.send(GET).response().status());
            }
            try (var stranger = pair.call("cart", new LaunchSecret("00".repeat(32)))) {
                assertEquals("", stranger.send(GET).rest());
            }
            assertTrue(fleet.nextRefusal().startsWith("TUL1705"));
            try (var stranger =
                    io.tulle.testkit.RawSocket.to(pair.web.outboundAddress().orElseThrow())) {
                assertEquals("", stranger.send(GET).rest());
            }
            assertTrue(fleet.nextRefusal().startsWith("TUL1704"));
            try (var client = pair.call("elsewhere.example", Pair.SECRET)) {
                assertEquals("", client.send(GET).rest());
            }
            assertTrue(fleet.nextRefusal().startsWith("TUL1703"));
            try (var client = pair.call("Cart.Shop.Tulle.", Pair.SECRET)) {
                assertEquals(200, client.send(GET).response().status());
            }
            assertEquals(2, application.requests().size());
        }
    }

    @Test
    void standsOnAUnixSocket(@TempDir Path directory) throws Exception {
        try (var application = Origin.saying("fine")) {
            var pair = new Pair(fleet, application.port());
            var path = directory.resolve("out.sock");
            var web = fleet.sidecar(
                    SidecarSettings.DEFAULT.withOutbound(path, Pair.SECRET), pair.webIdentity, _ -> Optional.empty());
            assertTrue(web.start());
            Fleet.apply(
                    web,
                    pair.webSpecs(
                            java.util.List.of(Pair.CART), io.tulle.xds.spec.RouteSpec.toCluster("all", "outbound")));
            try (var client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                client.connect(UnixDomainSocketAddress.of(path));
                var header = new ProxyHeader(
                        Addresses.loopback(0),
                        Addresses.of("10.9.9.9", 4000),
                        Optional.empty(),
                        Optional.of(Pair.SECRET));
                var bytes = header.write(io.netty.buffer.UnpooledByteBufAllocator.DEFAULT);
                client.write(bytes.nioBuffer());
                bytes.release();
                client.write(ByteBuffer.wrap(GET.getBytes(ISO_8859_1)));
                var answer = ByteBuffer.allocate(4096);
                while (!text(answer).endsWith("fine")) assertTrue(client.read(answer) > 0, text(answer));
            }
            assertEquals(
                    path.toString(),
                    ((DomainSocketAddress) web.outboundSocketAddress().orElseThrow()).path());
        }
    }

    private static String text(ByteBuffer buffer) {
        return new String(buffer.array(), 0, buffer.position(), ISO_8859_1);
    }

    @Test
    void tellsTheApplicationWhoReallyCalls() throws Exception {
        var headers = new LinkedBlockingQueue<ProxyHeader>();
        try (var application = TcpOrigin.start(socket -> {
            var buffer = Unpooled.buffer();
            var header = Optional.<ProxyHeader>empty();
            while (header.isEmpty()) {
                buffer.writeByte(socket.getInputStream().read());
                header = ProxyHeader.read(buffer);
            }
            headers.add(header.get());
            socket.getOutputStream().write(6);
            socket.getInputStream().transferTo(socket.getOutputStream());
        })) {
            var secret = new LaunchSecret("77".repeat(32));
            var moved = new Place(Addresses.loopback(application.port()), Optional.of(secret));
            var pair =
                    new Pair(fleet, 4000, Protocol.TCP, port -> port == 4000 ? Optional.of(moved) : Optional.empty());
            try (var client = pair.call()) {
                assertEquals("hello", client.send("hello").until("hello"));
            }
            var header = Optional.ofNullable(headers.poll(20, TimeUnit.SECONDS)).orElseThrow();
            assertEquals(Optional.of(secret), header.secret());
            assertTrue(header.asks());
            assertEquals(Addresses.loopback(4000), header.destination());
            assertEquals("127.0.0.1", header.source().getAddress().getHostAddress());
        }
    }

    @Test
    void losesNothingOfWhatAnApplicationSaysTogetherWithItsAnswerToThePreface() throws Exception {
        try (var application = TcpOrigin.start(socket -> {
            var buffer = Unpooled.buffer();
            do buffer.writeByte(socket.getInputStream().read());
            while (ProxyHeader.read(buffer).isEmpty());
            socket.getOutputStream().write("\u0006hello".getBytes(ISO_8859_1));
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        })) {
            var moved = new Place(Addresses.loopback(application.port()), Optional.of(Pair.SECRET));
            var pair = new Pair(fleet, 4000, Protocol.TCP, _ -> Optional.of(moved));
            for (var i = 0; i < 20; i++) {
                try (var client = pair.call()) {
                    assertEquals("hello", client.rest());
                }
            }
        }
    }

    @Test
    void saysThatTheApplicationDoesNotListenYet() throws Exception {
        var pair = new Pair(fleet, 4000, Protocol.HTTP, _ -> Optional.empty());
        try (var client = pair.call()) {
            var response = client.send(GET).response();
            assertEquals(503, response.status());
            assertTrue(response.body().startsWith("TUL1605"), response.body());
        }
    }
}
