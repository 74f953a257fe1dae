package io.tulle.control.identity;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.JoinToken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JoinTokensTest {
    private static TokenTerms claiming(String service, String key, String value) {
        var claims = new Claims.Bound(new TreeSet<>(List.of(service)), new TreeMap<>(Map.of(key, value)));
        return new TokenTerms("shop", "cart", 1, Duration.ofHours(1), claims);
    }

    private static final String ROOT = "ab".repeat(32);
    private static final String OTHER_ROOT = "cd".repeat(32);
    private static final TokenTerms ONCE = new TokenTerms("shop", "cart", 1, Duration.ofHours(1));

    @TempDir
    Path home;

    private final ManualTime time = new ManualTime();

    @Test
    void grantsWhatItWasMadeFor() {
        var tokens = tokens(new MemoryTokens(), ROOT);

        var token = tokens.issue(ONCE).accepted().orElseThrow();

        assertEquals(ROOT, token.rootDigest());
        assertTrue(token.text().startsWith("tulle1."));
        var grant = tokens.look(token.text()).accepted().orElseThrow();
        assertEquals(List.of("shop", "cart"), List.of(grant.namespace(), grant.account()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("stores")
    void isUsedAsOftenAsItSays(String name, StoreOf storeOf) {
        var tokens = tokens(storeOf.in(home), ROOT);
        var token = tokens.issue(new TokenTerms("shop", "cart", 2, Duration.ofHours(1)))
                .accepted()
                .orElseThrow();

        var outcomes = Stream.generate(() -> tokens.look(token.text()).then(tokens::spend))
                .limit(4)
                .map(o -> code(o))
                .toList();

        assertEquals(List.of("", "", "TUL1522", "TUL1522"), outcomes);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("stores")
    void admitsOneOfManyThatRaceForTheLastUse(String name, StoreOf storeOf) throws Exception {
        var tokens = tokens(storeOf.in(home), ROOT);
        var token = tokens.issue(ONCE).accepted().orElseThrow();
        var grant = tokens.look(token.text()).accepted().orElseThrow();

        List<Future<Checked<TokenGrant>>> outcomes;
        try (var threads = Executors.newFixedThreadPool(8)) {
            Callable<Checked<TokenGrant>> spend = () -> tokens.spend(grant);
            outcomes = threads.invokeAll(Collections.nCopies(64, spend));
        }

        var admitted = 0;
        for (var outcome : outcomes) admitted += outcome.get().accepted().isPresent() ? 1 : 0;
        assertEquals(1, admitted);
    }

    @Test
    void staysSpentAcrossARestart() throws Exception {
        var file = home.resolve("tokens.db");
        String spent;
        String fresh;
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            var tokens = tokens(new SqliteTokens(connection), ROOT);
            spent = tokens.issue(ONCE).accepted().orElseThrow().text();
            fresh = tokens.issue(ONCE).accepted().orElseThrow().text();
            tokens.look(spent).then(tokens::spend);
        }
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            var tokens = tokens(new SqliteTokens(connection), ROOT);

            assertEquals("TUL1522", code(tokens.look(spent)));
            assertEquals("", code(tokens.look(fresh)));
        }
    }

    @Test
    void keepsNoSecretInItsStore() throws Exception {
        var file = home.resolve("tokens.db");
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            var token = tokens(new SqliteTokens(connection), ROOT)
                    .issue(ONCE)
                    .accepted()
                    .orElseThrow();

            var stored = new String(Files.readAllBytes(file), ISO_8859_1);

            assertTrue(stored.contains(token.id()));
            assertFalse(stored.contains(token.secret()));
            assertFalse(token.toString().contains(token.secret()));
        }
    }

    @Test
    void saysNothingToWhoDoesNotKnowTheSecret() {
        var store = new MemoryTokens();
        var tokens = tokens(store, ROOT);
        var expired = tokens.issue(ONCE).accepted().orElseThrow();
        var spent = tokens.issue(new TokenTerms("shop", "cart", 1, Duration.ofDays(2)))
                .accepted()
                .orElseThrow();
        tokens.look(spent.text()).then(tokens::spend);
        time.pass(Duration.ofHours(1));

        for (var token : List.of(expired, spent)) {
            var guess = new JoinToken(ROOT, token.id(), "00".repeat(32)).text();
            assertEquals("TUL1520", code(tokens.look(guess)));
        }
        assertEquals("TUL1521", code(tokens.look(expired.text())));
        assertEquals("TUL1522", code(tokens.look(spent.text())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("stores")
    void refusesHostileTokensAllAlike(String name, StoreOf storeOf) {
        var store = storeOf.in(home);
        var tokens = tokens(store, ROOT);
        var good = tokens.issue(new TokenTerms("shop", "cart", 9, Duration.ofHours(1)))
                .accepted()
                .orElseThrow();
        var withdrawn = tokens.issue(ONCE).accepted().orElseThrow();
        tokens.withdraw(withdrawn.id());
        var ofOtherRoot = tokens(store, OTHER_ROOT).issue(ONCE).accepted().orElseThrow();
        var text = good.text();
        var hostile = new ArrayList<>(List.of(
                "",
                "tulle1.",
                "tulle1",
                text.substring(1),
                text + "A",
                text + "=",
                text + " ",
                text + "\n",
                text.replace("tulle1.", "tulle2."),
                text.replace("tulle1.", "TULLE1."),
                text.substring(0, text.length() - 1),
                "tulle1." + "A".repeat(100_000),
                "tulle1." + "!".repeat(107),
                "tulle1.' OR 1=1 --",
                "tulle1." + Base64.getUrlEncoder().encodeToString(new byte[80]),
                new JoinToken(OTHER_ROOT, good.id(), good.secret()).text(),
                new JoinToken(ROOT, "00".repeat(16), good.secret()).text(),
                new JoinToken(ROOT, withdrawn.id(), good.secret()).text(),
                withdrawn.text(),
                ofOtherRoot.text(),
                new JoinToken(ROOT, ofOtherRoot.id(), ofOtherRoot.secret()).text()));
        for (int i = 0; i < 3; i++) { // one bit changed in the secret, and in each unused bit of the spelling
            var chars = text.toCharArray();
            chars[chars.length - 1 - i] = chars[chars.length - 1 - i] == 'B' ? 'C' : 'B';
            hostile.add(new String(chars));
        }

        for (var bad : hostile) {
            var refusal = tokens.look(bad).refusal();
            assertEquals(Optional.of(IdentityCode.TOKEN_REFUSED.problem()), refusal, bad);
            assertTrue(tokens.look(text).accepted().isPresent(), "a good one passes after it");
        }
    }

    @ParameterizedTest
    @MethodSource("terms")
    void makesNoTokenOnUnreasonableTerms(TokenTerms terms, String code) {
        var tokens = tokens(new MemoryTokens(), ROOT);

        assertEquals(code, code(tokens.issue(terms)));
        assertTrue(tokens.all().isEmpty());
    }

    static Stream<Arguments> terms() {
        var hour = Duration.ofHours(1);
        return Stream.of(
                Arguments.of(new TokenTerms("shop", "cart", 0, hour), "TUL1523"),
                Arguments.of(new TokenTerms("shop", "cart", -1, hour), "TUL1523"),
                Arguments.of(new TokenTerms("shop", "cart", 4294967297L, hour), "TUL1523"),
                Arguments.of(claiming("Catalog", "app", "cart"), "TUL1523"),
                Arguments.of(claiming("catalog", "app", "a\nlabel x=y"), "TUL1523"),
                Arguments.of(claiming("catalog", "app=x", "cart"), "TUL1523"),
                Arguments.of(new TokenTerms("shop", "cart", 10_001, hour), "TUL1523"),
                Arguments.of(new TokenTerms("shop", "cart", 1, Duration.ZERO), "TUL1523"),
                Arguments.of(new TokenTerms("shop", "cart", 1, Duration.ofDays(31)), "TUL1523"),
                Arguments.of(new TokenTerms("Shop", "cart", 1, hour), "TUL1531"),
                Arguments.of(new TokenTerms("shop/sa/x", "cart", 1, hour), "TUL1531"),
                Arguments.of(new TokenTerms("shop", "", 1, hour), "TUL1531"),
                Arguments.of(new TokenTerms("shop", "..", 1, hour), "TUL1531"),
                Arguments.of(new TokenTerms("shop", "a".repeat(64), 1, hour), "TUL1531"));
    }

    @Test
    void forgetsWhatExpiredLongAgo() {
        var tokens = tokens(new MemoryTokens(), ROOT);
        var old = tokens.issue(ONCE).accepted().orElseThrow();
        time.pass(Duration.ofHours(26));

        var fresh = tokens.issue(ONCE).accepted().orElseThrow();

        assertEquals(
                List.of(fresh.id()), tokens.all().stream().map(TokenGrant::id).toList());
        assertEquals("TUL1520", code(tokens.look(old.text())));
    }

    interface StoreOf {
        TokenStore in(Path home);
    }

    static Stream<Arguments> stores() {
        StoreOf memory = _ -> new MemoryTokens();
        StoreOf sqlite = home -> {
            try {
                return new SqliteTokens(DriverManager.getConnection("jdbc:sqlite:" + home.resolve("tokens.db")));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        };
        return Stream.of(Arguments.of("memory", memory), Arguments.of("sqlite", sqlite));
    }

    private JoinTokens tokens(TokenStore store, String root) {
        return new JoinTokens(store, root, time, new SecureRandom());
    }

    private static String code(Checked<?> outcome) {
        return outcome.refusal().map(p -> p.code()).orElse("");
    }
}
