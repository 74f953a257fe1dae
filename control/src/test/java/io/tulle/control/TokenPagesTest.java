package io.tulle.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.world.MeshSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How tokens are asked for, over the control plane's own socket. */
class TokenPagesTest {
    @TempDir
    private Path folder;

    private ControlPlane control;

    @BeforeEach
    void start() throws IOException {
        var free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        control = ControlPlane.start(
                new ControlPlaneSettings(
                        "shop",
                        folder.resolve("state"),
                        folder.resolve("run"),
                        MeshSettings.DEFAULT,
                        free,
                        free,
                        Duration.ofHours(24),
                        "1.2.3"),
                Clock.systemUTC(),
                new SecureRandom());
    }

    @AfterEach
    void stop() {
        control.close();
    }

    @Test
    void aTokenSaysWhatItsHoldersMayClaim() throws IOException {
        var made = create("1", ",\"services\":[\"catalog\"],\"labels\":{\"version\":\"v2\"}");

        assertEquals(201, status(made), made);
        var grant = control.tokens().all().getFirst();
        assertEquals("service catalog\nlabel version=v2\n", grant.claims().text());
        assertTrue(ask("GET", "/mesh/tokens", "").contains("service catalog, label version=v2"), "the list");
    }

    @ParameterizedTest
    @ValueSource(strings = {"4294967297", "18446744073709551617", "1.5", "1e400000000", "-4294967295", "\"1\""})
    void aNumberThatDoesNotFitIsRefusedAndNotCut(String uses) throws IOException {
        var refused = create(uses, "");

        assertEquals(422, status(refused), refused);
        assertTrue(refused.contains("TUL1523"), refused);
    }

    /** As on a full disk: the store cannot do what it is asked. */
    @Test
    void aStoreThatFailsIsToldWithItsCode() throws Exception {
        try (var other = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("state/instances.db"));
                var statement = other.createStatement()) {
            statement.execute("DROP TABLE join_tokens");
        }

        for (var answer : new String[] {
            create("1", ""), ask("GET", "/mesh/tokens", ""), ask("DELETE", "/mesh/tokens/" + "a".repeat(32), "")
        }) {
            assertEquals(507, status(answer), answer);
            assertTrue(answer.contains("TUL1549") && answer.contains("disk"), answer);
        }
    }

    private String create(String uses, String more) throws IOException {
        var body = "{\"namespace\":\"shop\",\"account\":\"payment\",\"life\":60,\"uses\":" + uses + more + "}";
        return ask("POST", "/mesh/tokens", body);
    }

    private String ask(String method, String path, String body) throws IOException {
        var head = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
                + body.length() + "\r\n\r\n";
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(folder.resolve("run/" + ControlPlaneSettings.API_SOCKET)));
            channel.write(ByteBuffer.wrap((head + body).getBytes(StandardCharsets.US_ASCII)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static int status(String answer) {
        return Integer.parseInt(answer.substring(9, 12));
    }
}
