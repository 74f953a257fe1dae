package io.tulle.launch.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways in which public Compose files ask their own port whether it is well. */
class WebCheckTest {
    private static final String URL = "http://localhost:3000/health";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wget -qO- http://localhost:3000/health",
                "wget --no-verbose --tries=1 --spider http://localhost:3000/health || exit 1",
                "wget -q -T 5 -O /dev/null http://localhost:3000/health",
                "wget -q --spider \"http://localhost:3000/health\"||exit 1",
                "curl -f http://localhost:3000/health",
                "curl -fsS 'http://localhost:3000/health' > /dev/null 2>&1 || exit 1",
                "curl --fail --max-time 5 localhost:3000/health || false",
                "curl -sf -o /dev/null -m5 http://localhost:3000/health",
            })
    void oneGetOfAPortOfOnesOwn(String line) {
        assertEquals(Optional.of(new WebCheck(URI.create(URL), false)), shell(line), line);
    }

    @Test
    void theSameAsWords() {
        assertEquals(
                Optional.of(new WebCheck(URI.create(URL), false)), WebCheck.of(List.of("wget", "--spider", "-q", URL)));
    }

    @Test
    void curlTakesAnyAnswerUnlessItIsToldNotTo() {
        assertEquals(Optional.of(new WebCheck(URI.create(URL), true)), shell("curl -s " + URL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "curl -f http://other:3000/health",
                "curl -f https://localhost:3000/health",
                "curl -X POST http://localhost:3000/health",
                "curl -f -H 'a: b' http://localhost:3000/health",
                "curl -f http://localhost:3000/a http://localhost:3000/b",
                "curl -f http://localhost:3000/health && pg_isready",
                "curl -f http://localhost:$PORT/health",
                "curl http://localhost:3000/health | grep ok",
                "curl -f",
                "wget --post-data=x http://localhost:3000/health",
                "pg_isready -U postgres",
                "node -e 'fetch()'",
            })
    void whateverMayMeanMoreIsNone(String line) {
        assertEquals(Optional.empty(), shell(line), line);
    }

    private static Optional<WebCheck> shell(String line) {
        return WebCheck.of(List.of("/bin/sh", "-c", line));
    }
}
