package io.tulle.xds.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.server.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoorsTest {
    @TempDir
    private Path folder;

    @Test
    void anAddressThatIsTakenIsNamed() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            var address = new InetSocketAddress("127.0.0.1", taken.getLocalPort());
            var builder = Server.builder()
                    .port(address, SessionProtocol.HTTP)
                    .service("/", (_, _) -> HttpResponse.of("here"));
            var failure = assertThrows(IOException.class, () -> Doors.open(builder, address, folder.resolve("s")));
            assertEquals(
                    "it cannot listen at 127.0.0.1:" + taken.getLocalPort() + ": Address already in use",
                    failure.getMessage());
        }
    }
}
