package io.tulle.it.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that listens on a Unix socket of the sidecar's host, reached by a host's name. */
final class UnixEndpointTest {
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsocket";

    @TempDir
    private Path folder;

    @Test
    void aHostOfAServiceEntryIsASocket() throws Exception {
        var path = folder.resolve("app.sock");
        var mesh = new LocalMesh(folder);
        try (var web = new WebAlone(mesh, folder, "shop", "web");
                var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            var answering = Thread.ofVirtual().start(() -> answer(server));
            assertEquals(List.of(), mesh.apply("""
                    apiVersion: networking.istio.io/v1
                    kind: ServiceEntry
                    metadata: {name: api, namespace: shop}
                    spec:
                      hosts: [api.example.com]
                      resolution: STATIC
                      ports: [{number: 80, protocol: HTTP, name: http}]
                      endpoints: [{address: "unix://%s"}]
                    """.formatted(path)));

            assertEquals("200 socket", web.await("200", "api.example.com/"));
            server.close();
            answering.join();
        }
    }

    private static void answer(ServerSocketChannel server) {
        while (server.isOpen()) {
            try (var connection = server.accept()) {
                connection.read(ByteBuffer.allocate(4096));
                connection.write(ByteBuffer.wrap(ANSWER.getBytes(StandardCharsets.US_ASCII)));
            } catch (IOException over) {
                return;
            }
        }
    }
}
