package io.tulle.control.api;

import static io.tulle.control.api.ApiTest.map;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.xds.server.Patience;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Callers that are slow on purpose, and those that make the server hold what they do not read. */
class PatienceTest {
    private static final String MAPS = "/api/v1/namespaces/shop/configmaps";

    @TempDir
    Path folder;

    private TestApi api;

    @BeforeEach
    void start() throws Exception {
        api = TestApi.start(folder, _ -> Optional.empty(), new Patience(Duration.ofSeconds(3), Duration.ofSeconds(2)));
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void aHeadThatDoesNotEndEndsItsConnection() throws Exception {
        try (var socket = connect()) {
            socket.getOutputStream().write("GET /version HTTP/1.1\r\nHost: loc".getBytes(US_ASCII));

            assertEquals(-1, read(socket));
        }
    }

    @Test
    void aConnectionThatSaysNothingEnds() throws Exception {
        try (var socket = connect()) {
            assertEquals(-1, read(socket));
        }
    }

    @Test
    void aStreamWhoseAnswerIsNotReadEndsItsConnection() throws Exception {
        try (var socket = connect()) {
            var out = new DataOutputStream(socket.getOutputStream());
            out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
            frame(out, 4, 0, 0, new byte[] {0, 4, 0, 0, 0, 0}); // SETTINGS: windows of streams are 0
            frame(out, 1, 5, 1, head("/openapi/v3/api/v1"));
            out.flush();

            while (read(socket) >= 0) {} // settings, the head of the answer, and no body
        }
    }

    @Test
    void whatStrangersHoldTogetherIsBounded() throws Exception {
        for (var i = 0; i < 5; i++) {
            assertEquals(
                    201, api.post(MAPS, map("m" + i, "x".repeat(1_000_000))).status());
        }
        var open = new ArrayList<Socket>();
        var refused = 0;
        for (var i = 0; i < 6; i++) { // each watch begins with 5 MB of documents, and is not read
            var socket = connect();
            open.add(socket);
            socket.getOutputStream()
                    .write(("GET " + MAPS + "?watch=true HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(US_ASCII));
            var status = new String(socket.getInputStream().readNBytes(12), US_ASCII);
            if (status.equals("HTTP/1.1 429")) refused++;
        }
        assertEquals(3, refused, "three times 20 MB are held, the fourth would be too much");
        assertEquals(200, api.get(MAPS).status(), "whoever shows the token is not counted");
        for (var socket : open) socket.close();
    }

    private Socket connect() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), api.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static int read(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read();
        } catch (SocketException reset) {
            return -1;
        }
    }

    private static void frame(DataOutputStream out, int type, int flags, int stream, byte[] payload)
            throws IOException {
        out.writeByte(payload.length >> 16);
        out.writeShort(payload.length);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(payload);
    }

    /** GET, http, and two literals without indexing (RFC 7541, 6.2.2). */
    private static byte[] head(String path) {
        var block = new ByteArrayOutputStream();
        block.write(0x82);
        block.write(0x86);
        block.write(0x04);
        block.write(path.length());
        block.writeBytes(path.getBytes(US_ASCII));
        block.write(0x01);
        block.write("localhost".length());
        block.writeBytes("localhost".getBytes(US_ASCII));
        return block.toByteArray();
    }
}
