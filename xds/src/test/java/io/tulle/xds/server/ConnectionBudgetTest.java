package io.tulle.xds.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.util.DomainSocketAddress;
import com.linecorp.armeria.server.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionBudgetTest {
    private static final int MOST = 3;
    private static final byte[] GET =
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path folder;

    @Test
    void strangersAtTheAddressDoNotLockTheOwnersSocketOut() throws Exception {
        var budget = new ConnectionBudget(MOST);
        var socket = folder.resolve("s");
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var builder = Server.builder()
                .port(address, SessionProtocol.HTTP)
                .port(DomainSocketAddress.of(socket), SessionProtocol.HTTP)
                .maxNumConnections(budget.sum())
                .childChannelPipelineCustomizer(budget::admit)
                .service("/", (_, _) -> HttpResponse.of("here"));
        try (var doors = Doors.open(builder, address, socket)) {
            var idle = new ArrayList<Socket>();
            for (int i = 0; i < MOST; i++) idle.add(connected(doors));

            try (var tooMany =
                    new Socket(doors.address().getAddress(), doors.address().getPort())) {
                tooMany.setSoTimeout(10_000);
                assertEquals(-1, tooMany.getInputStream().read());
            }
            assertTrue(overSocket(socket).endsWith("here"));
            for (var each : idle) {
                each.getOutputStream().write(GET);
                assertTrue(
                        new String(each.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).endsWith("here"));
                each.close();
            }
        }
    }

    /** Admitted for sure once it was answered; it stays open. */
    private static Socket connected(Doors doors) throws IOException {
        var socket = new Socket(doors.address().getAddress(), doors.address().getPort());
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        var read = new StringBuilder();
        while (!read.toString().endsWith("here"))
            read.append((char) socket.getInputStream().read());
        return socket;
    }

    private static String overSocket(Path socket) throws IOException {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap(GET));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
