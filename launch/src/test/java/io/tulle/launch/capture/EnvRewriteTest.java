package io.tulle.launch.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EnvRewriteTest {
    private static final Map<String, Integer> MESH = Map.of(
            "catalog:3000",
            41001,
            "cart:4000",
            41002,
            "redis:6379",
            41003,
            "db.shop:5432",
            41004,
            "fd00::5:5432",
            41005,
            "catalog:80",
            41006,
            "catalog:443",
            41007);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    http://catalog:3000                    | http://127.0.0.1:41001
                    http://catalog:3000/v1?at=cart:4000    | http://127.0.0.1:41001/v1?at=127.0.0.1:41002
                    http://catalog/health                  | http://127.0.0.1:41006/health
                    redis://redis                          | redis://127.0.0.1:41003
                    redis://:secret@redis:6379/0           | redis://:secret@127.0.0.1:41003/0
                    redis://cart:4000@redis:6379           | redis://cart:4000@127.0.0.1:41003
                    jdbc:postgresql://db.shop:5432/ledger  | jdbc:postgresql://127.0.0.1:41004/ledger
                    postgres://[fd00::5]:5432/x            | postgres://127.0.0.1:41005/x
                    cart:4000                              | 127.0.0.1:41002
                    cart:4000,redis:6379                   | 127.0.0.1:41002,127.0.0.1:41003
                    redis://redis:6379,redis://other:6379  | redis://127.0.0.1:41003,redis://other:6379
                    """)
    void addressesOfTheMeshLeadToDoors(String before, String after) {
        assertEquals(Map.of("X", after), rewrite(Map.of("X", before)).changed());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    http://example.com:3000
                    mycart:4000
                    cart:40001
                    cart:4000x
                    cart:4000.5
                    cart
                    user@cart:4000
                    /srv/cart:4000
                    a-cart:4000
                    cart:0
                    cart:99999
                    ::cart:4000
                    12:30:45
                    """)
    void allElseIsLeftAsItIs(String value) {
        assertTrue(rewrite(Map.of("X", value)).changed().isEmpty(), value);
    }

    @Test
    void aPairOfHostAndPortIsRewrittenTogether() {
        var rewrite = rewrite(Map.of("CART_HOST", "cart", "CART_PORT", "4000", "PGHOST", "db.shop", "PGPORT", "5432"));
        assertEquals(
                Map.of("CART_HOST", "127.0.0.1", "CART_PORT", "41002", "PGHOST", "127.0.0.1", "PGPORT", "41004"),
                rewrite.changed());
        assertTrue(rewrite.said().contains("CART_HOST and CART_PORT: cart:4000 is now 127.0.0.1:41002"));
    }

    @Test
    void halfAPairIsNotGuessedAt() {
        assertTrue(rewrite(Map.of("CART_HOST", "cart")).changed().isEmpty());
        assertTrue(rewrite(Map.of("CART_HOST", "cart", "CART_PORT", "many"))
                .changed()
                .isEmpty());
    }

    @Test
    void whatSpeaksTlsToItsNameIsLeftAndSaid() {
        var rewrite = rewrite(Map.of("X", "https://catalog/"));
        assertTrue(rewrite.changed().isEmpty());
        assertEquals(1, rewrite.said().size());
        assertTrue(rewrite.said().getFirst().contains("left as it is"));
    }

    @Test
    void noPasswordIsSaid() {
        var rewrite = rewrite(Map.of("REDIS_URL", "redis://user:hunter2@redis:6379"));
        assertEquals(1, rewrite.said().size());
        assertFalse(rewrite.said().toString().contains("hunter2"));
        assertTrue(rewrite(Map.of("X", "a:1 ".repeat(100_000))).said().isEmpty());
    }

    private static EnvRewrite rewrite(Map<String, String> environment) {
        return EnvRewrite.of(
                environment,
                (name, port) -> Optional.ofNullable(MESH.get(name + ":" + port))
                        .map(door -> new InetSocketAddress("127.0.0.1", door)));
    }
}
