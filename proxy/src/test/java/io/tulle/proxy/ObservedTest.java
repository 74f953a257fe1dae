package io.tulle.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.proxy.admin.Admin;
import io.tulle.proxy.observe.AccessLog;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Origin;
import io.tulle.testkit.RawResponse;
import io.tulle.testkit.RawSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What operators see: the access log's line and the admin pages. */
@ExtendWith(NoLeaks.class)
class ObservedTest {
    private final Fleet fleet = new Fleet();

    @AfterEach
    void end() {
        fleet.close();
    }

    @Test
    void logsALineInIstiosFormat() throws Exception {
        var lines = new ArrayList<String>();
        try (var origin = Origin.saying("hello")) {
            var proxy = fleet.alone(origin);
            try (var client = RawSocket.to(Fleet.at(proxy))) {
                client.send(
                                "GET /a?b=\"c HTTP/1.1\r\nHost: shop\r\nUser-Agent: evil\"\tagent\r\nX-Request-Id: id-1\r\n\r\n")
                        .response();
            }
            new AccessLog(lines::add).ended(fleet.nextReport());
            var expected =
                    "\\[\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z] \"GET /a HTTP/1.1\" 200 - via_upstream - \"-\" 0 5"
                            + " \\d+ \\d+ \"127.0.0.1\" \"evil\\?\\?agent\" \"id-1\" \"shop\" \"127.0.0.1:"
                            + origin.port()
                            + "\" to-origin - 127.0.0.1:\\d+ 127.0.0.1:\\d+ - all";
            assertTrue(lines.getFirst().matches(expected), lines.getFirst());
        }
    }

    @Test
    void showsWhatIsInForce() throws Exception {
        try (var origin = Origin.saying("hello")) {
            var proxy = fleet.alone(origin);
            var levels = new ArrayList<String>();
            var views = new Admin.Views(
                    proxy.plan(), () -> true, () -> "a: 1\n", level -> level.equals("debug") && levels.add(level));
            try (var admin = Admin.start(0, views)) {
                assertEquals("LIVE\n", get(admin, "localhost", "/ready").body());
                assertEquals("a: 1\n", get(admin, "127.0.0.1:15000", "/stats").body());
                assertTrue(get(admin, "localhost", "/clusters")
                        .body()
                        .contains("to-origin::127.0.0.1:" + origin.port() + "::health_flags::healthy"));
                var dump = get(admin, "localhost", "/config_dump").body();
                assertTrue(dump.contains("\"cluster\": \"to-origin\""), dump);
                assertEquals(403, get(admin, "evil.example", "/config_dump").status());
                assertEquals(404, get(admin, "localhost", "/quitquitquit").status());
                assertEquals(
                        405, get(admin, "localhost", "/logging?level=debug").status());
                assertEquals(
                        200,
                        ask(admin, "POST", "localhost", "/logging?level=debug").status());
                assertEquals(
                        400,
                        ask(admin, "POST", "localhost", "/logging?level=loud").status());
                assertEquals(List.of("debug"), levels);
            }
        }
    }

    private static RawResponse get(Admin admin, String host, String path) throws IOException {
        return ask(admin, "GET", host, path);
    }

    private static RawResponse ask(Admin admin, String method, String host, String path) throws IOException {
        try (var client = RawSocket.to(admin.address())) {
            var head = method + " " + path + " HTTP/1.1\r\nHost: " + host
                    + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            return client.send(head.getBytes(UTF_8)).response();
        }
    }
}
