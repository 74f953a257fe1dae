package io.tulle.agent.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;

/** Strangers' texts come into the log by arguments, by ready messages and by what exceptions say. */
class LogTest {
    private static final Logger LOG = new LogProvider().getLoggerFactory().getLogger("io.tulle.proxy.nesttcp.Door");

    @AfterEach
    void back() {
        LogLevel.set("warn");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a Nest key\n2026-01-01T00:00:00.000+0000 ERROR Door - forged",
                "an ADS node\u001b[2J\u001b]0;title\u0007",
                "a header\r\nanother",
                "a C1 escape \u009b31m",
                "a separator\u2028of lines",
                "the other way \u202Eround"
            })
    void aStrangersTextStaysInItsLine(String text) {
        for (var written : List.of(
                log(() -> LOG.warn("refused key={} code={}", text, "TUL1")),
                log(() -> LOG.warn(text)),
                log(() -> LOG.warn("failed", new IOException(text))),
                log(() -> LOG.warn("failed", new IllegalStateException("x", new IOException(text)))))) {
            var mine = written.lines().filter(line -> !line.startsWith("\tat ")).toList();
            assertTrue(mine.size() <= 3 && mine.stream().noneMatch(line -> line.startsWith("2026-01-01")), written);
            assertTrue(written.chars().allMatch(c -> c == '\n' || c == '\t' || (c >= ' ' && c < 0x7f)), written);
        }
    }

    @Test
    void aPlainLineIsAsItWas() {
        var line = log(() -> LOG.warn("withdrawn instance={} why={}", "cart-1", "left"));

        assertTrue(
                line.matches(
                        "\\d{4}-\\d\\d-\\d\\dT[0-9:.]+[+-]\\d{4} WARN Door - withdrawn instance=cart-1 why=left\n"),
                line);
    }

    @Test
    void theLevelIsSetWhileItRuns() {
        assertEquals("", log(() -> LOG.debug("quiet")));
        assertTrue(LogLevel.set("debug"));
        assertTrue(log(() -> LOG.debug("heard")).contains("DEBUG Door - heard"));
        assertFalse(LogLevel.set("loud"));
        assertFalse(LogLevel.set(""));
        assertTrue(LOG.isDebugEnabled());
    }

    private static String log(Runnable what) {
        var before = System.err;
        var written = new ByteArrayOutputStream();
        try {
            System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
            what.run();
        } finally {
            System.setErr(before);
        }
        return written.toString(StandardCharsets.UTF_8);
    }
}
