package io.tulle.proxy.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.proxy.plan.LivePlan;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdminTest {
    private final List<String> levels = new ArrayList<>();
    private final Admin.Views views = new Admin.Views(new LivePlan(), () -> true, () -> "", level -> {
        levels.add(level);
        return level.equals("debug");
    });

    @Test
    void theLogsLevelIsSetByItsPage() throws IOException {
        try (var admin = Admin.start(0, views)) {
            assertTrue(ask(admin, "POST /logging?level=debug HTTP/1.1").contains("active level: debug"));
            assertTrue(ask(admin, "POST /logging?level=loud HTTP/1.1").startsWith("HTTP/1.1 400"));
        }
        assertEquals(List.of("debug", "loud"), levels);
    }

    /** Half a request is not waited for longer than a few seconds. */
    @Test
    void aHeadThatDoesNotEndIsCutOff() throws IOException {
        try (var admin = Admin.start(0, views);
                var slow =
                        new Socket(admin.address().getAddress(), admin.address().getPort())) {
            slow.setSoTimeout(40_000);
            slow.getOutputStream().write("GET /ready HTTP/1.1\r\nHost: local".getBytes(StandardCharsets.US_ASCII));

            assertEquals("", new String(slow.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        }
    }

    @Test
    void aPageThatFailsSaysSo() throws IOException {
        var broken = new Admin.Views(
                new LivePlan(),
                () -> true,
                () -> {
                    throw new IllegalStateException("no numbers today");
                },
                _ -> true);
        try (var admin = Admin.start(0, broken)) {
            var said = ask(admin, "GET /stats HTTP/1.1");
            assertTrue(said.startsWith("HTTP/1.1 500"), said);
            assertTrue(said.contains("TUL1725") && said.contains("no numbers today"), said);
        }
    }

    private static String ask(Admin admin, String line) throws IOException {
        try (var socket =
                new Socket(admin.address().getAddress(), admin.address().getPort())) {
            var request = line + "\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
