package io.tulle.control.api;

import static io.tulle.control.api.ApiTest.map;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what, over which door. */
class GateTest {
    private static final String MAPS = "/api/v1/namespaces/shop/configmaps";
    private static final String SECRETS = "/api/v1/namespaces/shop/secrets";

    @TempDir
    Path folder;

    private TestApi api;

    @BeforeEach
    void start() throws Exception {
        api = TestApi.start(folder);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void onePortSpeaksPlainHttpAndTls() throws Exception {
        assertEquals(
                200, api.send(HttpRequest.newBuilder(api.plain("/version"))).status());
        assertEquals(
                200, api.send(HttpRequest.newBuilder(api.secure("/version"))).status());
    }

    @Test
    void loopbackReadsWithoutACredentialAndWritesWithOne() throws Exception {
        assertEquals(200, api.send(HttpRequest.newBuilder(api.plain(MAPS))).status());
        refused(401, "TUL1338", post(api.plain(MAPS)));
        refused(401, "TUL1338", post(api.secure(MAPS)));
        refused(401, "TUL1338", HttpRequest.newBuilder(api.plain(MAPS + "/a")).DELETE());
        assertEquals(
                201,
                api.send(post(api.secure(MAPS)).header("Authorization", "Bearer " + api.token.token()))
                        .status());
    }

    @Test
    void secretsAreReadWithACredentialOnly() throws Exception {
        refused(401, "TUL1338", HttpRequest.newBuilder(api.plain(SECRETS)));
        refused(401, "TUL1338", HttpRequest.newBuilder(api.plain(SECRETS + "?watch=true")));
        refused(401, "TUL1338", HttpRequest.newBuilder(api.plain("/api/v1/secrets")));
        assertEquals(200, api.get(SECRETS).status());
    }

    @Test
    void aTokenOverPlainHttpIsNotTaken() throws Exception {
        refused(403, "TUL1340", post(api.plain(MAPS)).header("Authorization", "Bearer " + api.token.token()));
    }

    @Test
    void aWrongTokenIsRefusedEvenForReading() throws Exception {
        for (var wrong :
                new String[] {"Bearer " + "0".repeat(64), "Bearer ", "Basic YTpi", "Bearer " + api.token.token() + "0"
                }) {
            refused(401, "TUL1339", HttpRequest.newBuilder(api.secure(MAPS)).header("Authorization", wrong));
        }
    }

    @Test
    void aForeignHostIsRefused() throws Exception {
        for (var host :
                new String[] {"evil.example", "localhost.evil.example", "127.0.0.1.nip.io:80", "", "10.0.0.1"}) {
            var answer = raw("GET /version HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 403") || answer.startsWith("HTTP/1.1 400"), host + ": " + answer);
        }
        for (var host : new String[] {"localhost", "LOCALHOST:" + api.port(), "127.0.0.1", "[::1]:1"}) {
            var answer = raw("GET /version HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 200"), host + ": " + answer);
        }
    }

    @Test
    void aForeignOriginIsRefusedEvenWithACredential() throws Exception {
        var other = "https://127.0.0.1:" + (api.port() == 80 ? 81 : 80);
        for (var origin : new String[] {"https://evil.example", "null", other, "http://localhost.evil.example", "::"}) {
            refused(
                    403,
                    "TUL1342",
                    post(api.secure(MAPS))
                            .header("Authorization", "Bearer " + api.token.token())
                            .header("Origin", origin));
            refused(403, "TUL1342", HttpRequest.newBuilder(api.plain(MAPS)).header("Origin", origin));
        }
    }

    @Test
    void aSessionWritesOnlyFromOurOwnPage() throws Exception {
        refused(403, "TUL1342", post(api.plain(MAPS)).header("Cookie", "tulle=good"));
        refused(
                401,
                "TUL1338",
                post(api.plain(MAPS)).header("Cookie", "tulle=bad").header("Origin", origin()));
        assertEquals(
                201,
                api.send(post(api.plain(MAPS)).header("Cookie", "tulle=good").header("Origin", origin()))
                        .status());
    }

    @Test
    void theUnixSocketTakesItsOwnersWritesWithoutAToken() throws Exception {
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(api.socket)));
        var body = map("a", "1");
        var request = "POST " + MAPS + " HTTP/1.1\r\nHost: tulle\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length() + "\r\nConnection: close\r\n\r\n" + body;
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(api.socket));
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
            var buffer = ByteBuffer.allocate(64 * 1024);
            while (channel.read(buffer) >= 0) {}
            var answer = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 201"), answer);
        }
    }

    @Test
    void theTokenFileIsForTheOwnerAlone() throws Exception {
        var file = folder.resolve("token");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(api.token.token(), TokenFile.open(file, new SecureRandom()).token());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThrows(IOException.class, () -> TokenFile.open(file, new SecureRandom()));
    }

    private String origin() {
        return "http://127.0.0.1:" + api.port();
    }

    private static HttpRequest.Builder post(URI uri) {
        return HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(map("a", "1")));
    }

    private void refused(int status, String code, HttpRequest.Builder request) throws Exception {
        var answer = api.send(request);
        assertEquals(status, answer.status(), answer.response().body());
        assertEquals(code, answer.code());
    }

    private String raw(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            var answer = new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8);
            return String.valueOf(new BufferedReader(answer).readLine());
        }
    }
}
