package io.tulle.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tulle.model.Protocol;
import io.tulle.proxy.pool.ApplicationPorts;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.RawSocket;
import io.tulle.testkit.TcpOrigin;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How opaque connections end between two sidecars: as they would without them. */
@ExtendWith(NoLeaks.class)
class TcpEndTest {
    private static final int LARGE = 3_000_000;

    private final Fleet fleet = new Fleet(2);

    @AfterEach
    void end() {
        fleet.close();
    }

    private Pair pair(TcpOrigin application) {
        return new Pair(fleet, application.port(), Protocol.TCP, ApplicationPorts.asDeclared());
    }

    private static TcpOrigin gathering(BlockingQueue<String> heard) throws IOException {
        return TcpOrigin.start(
                socket -> heard.add(new String(socket.getInputStream().readAllBytes(), US_ASCII)));
    }

    private static List<String> next(BlockingQueue<String> heard, int count) throws InterruptedException {
        var all = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            var one = heard.poll(10, TimeUnit.SECONDS);
            if (one == null) break;
            all.add(one);
        }
        return all;
    }

    @Test
    void everyByteArrivesOfACallerThatSaysAllAtOnce() throws Exception {
        var heard = new LinkedBlockingQueue<String>();
        try (var application = gathering(heard)) {
            var pair = pair(application);
            for (int i = 0; i < 30; i++) {
                try (var client = pair.call()) {
                    client.send("hello").shutdownOutput();
                    assertEquals("", client.rest());
                }
            }
            assertEquals(Collections.nCopies(30, "hello"), next(heard, 30));
        }
    }

    @Test
    void everyByteArrivesOfACallerThatHangsUpAtOnce() throws Exception {
        var heard = new LinkedBlockingQueue<String>();
        try (var application = gathering(heard)) {
            var pair = pair(application);
            for (int i = 0; i < 30; i++) {
                try (var client = pair.call()) {
                    client.send("hello");
                }
            }
            assertEquals(Collections.nCopies(30, "hello"), next(heard, 30));
        }
    }

    @Test
    void anAnswerComesAfterTheCallerHasSaidAll() throws Exception {
        try (var application = TcpOrigin.start(socket -> {
            var all = socket.getInputStream().readAllBytes();
            socket.getOutputStream().write(("got " + all.length).getBytes(US_ASCII));
            socket.getOutputStream().write(new byte[LARGE]);
        })) {
            try (var client = pair(application).call()) {
                client.send(new byte[LARGE]).shutdownOutput();
                client.until("got " + LARGE);
                assertEquals(LARGE, client.skip(LARGE));
                assertEquals("", client.rest());
            }
            var report = fleet.nextTcpReport();
            assertEquals(LARGE, report.receivedBytes());
            assertEquals(LARGE + ("got " + LARGE).length(), report.sentBytes());
        }
    }

    @Test
    void aServerThatHasSaidAllIsStillToldWhatTheCallerSays() throws Exception {
        var heard = new LinkedBlockingQueue<String>();
        try (var application = TcpOrigin.start(socket -> {
            socket.getOutputStream().write("220 bye".getBytes(US_ASCII));
            socket.shutdownOutput();
            heard.add(String.valueOf(socket.getInputStream().readAllBytes().length));
        })) {
            try (var client = pair(application).call()) {
                assertEquals("220 bye", client.rest());
                client.send(new byte[LARGE]);
            }
            assertEquals(List.of(Integer.toString(LARGE)), next(heard, 1));
        }
    }

    @Test
    void everyByteArrivesOfAPeerThatIsNoSidecar() throws Exception {
        var heard = new LinkedBlockingQueue<String>();
        try (var application = gathering(heard)) {
            var pair = pair(application);
            var leaf = pair.pki.leaf(Pair.WEB, "web-2").trustingContext("TLSv1.3");
            for (int i = 0; i < 10; i++) {
                try (var socket = (SSLSocket) leaf.getSocketFactory()
                        .createSocket("127.0.0.1", pair.inbound().getPort())) {
                    var parameters = socket.getSSLParameters();
                    parameters.setServerNames(List.of(new SNIHostName(Pair.SERVER_NAME)));
                    socket.setSSLParameters(parameters);
                    RawSocket.over(socket).send("hello").shutdownOutput();
                }
            }
            assertEquals(Collections.nCopies(10, "hello"), next(heard, 10));
        }
    }

    @Test
    void aConnectionThatIsCutDoesNotLookWhole() throws Exception {
        try (var application = TcpOrigin.start(socket -> {
            socket.getOutputStream().write("half".getBytes(US_ASCII));
            socket.getInputStream().read();
            socket.setSoLinger(true, 0); // closes with a reset
        })) {
            try (var client = pair(application).call()) {
                client.until("half");
                client.send("x");
                assertThrows(SocketException.class, () -> client.bytes(1));
            }
        }
    }
}
