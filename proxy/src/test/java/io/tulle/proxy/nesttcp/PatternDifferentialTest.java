package io.tulle.proxy.nesttcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.testkit.NestSocket;
import io.tulle.testkit.RealNest;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Our reading of patterns beside that of a real Nest server: which handler Nest picks for thousands of spellings, and which
 * path a policy would see. What shares a handler must share its path, what does not must not, and what is forwarded must
 * reach the handler that the caller meant.
 */
class PatternDifferentialTest {
    private static final long SEED = 20261122;
    private static final Pattern HANDLER = Pattern.compile("\"handler\":(\\d+)");

    /** Registered as an application would; the rest is drawn. */
    private static final List<String> WRITTEN = List.of(
            "\"sum\"",
            "\"admin\"",
            "\"cmd=sum\"",
            "\"/cmd=sum\"",
            "\"cmd%3Dsum\"",
            "\"{\\\"x\\\":1}\"",
            "\"5\"",
            "7",
            "\"Infinity\"",
            "\"NaN\"",
            "\"true\"",
            "\"null\"",
            "\"[MAX_DEPTH_REACHED]\"",
            "\"[TOO_MANY_KEYS]\"",
            "\"é\"",
            "\"e\\u0301\"",
            "\"a\\u0000b\"",
            "\"quo\\\"te\"",
            "\"back\\\\slash\"",
            "\"{\\\"B\\\":1,\\\"a\\\":2}\"",
            "{\"cmd\":\"sum\"}",
            "{\"cmd\":\"admin\"}",
            "{\"cmd\":\"sum\",\"role\":\"x\"}",
            "{\"a\":1}",
            "{\"a\":\"1\"}",
            "{\"a\":null}",
            "{\"a\":\"null\"}",
            "{\"a\":\":null\"}",
            "{\"a\":true}",
            "{\"B\":1,\"a\":2}",
            "{\"é\":1,\"f\":2}",
            "{\"a\":{\"b\":1}}",
            "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":1}}}}}",
            "{\"a\":{}}",
            "{\"a\":\"{}\"}",
            "{\"a\":\"quo\\\"te\"}",
            "{}");

    /** Spellings that were thought of: each has led, or might lead, two readers to two handlers. */
    private static final List<String> SLY = List.of(
            "\"{\\\"cmd\\\":\\\"admin\\\"}\"",
            "\"\\\"admin\\\"\"",
            "\"\\\"{\\\\\\\"B\\\\\\\":1,\\\\\\\"a\\\\\\\":2}\\\"\"",
            "\"\\\"{\\\\\\\"a\\\\\\\":2,\\\\\\\"B\\\\\\\":1}\\\"\"",
            "\"{\\\"B\\\":1,\\\"a\\\":2}\"",
            "\"{\\\"a\\\":2,\\\"B\\\":1}\"",
            "1e400",
            "-1e400",
            "\"1e400\"",
            "{\"a\":1e400}",
            "\"{\\\"a\\\":1e400}\"",
            "\"NaN\"",
            "\"-0\"",
            "-0",
            "{\"a\":-0}",
            "\" 5\"",
            "\"5 \"",
            "\"05\"",
            "\"+5\"",
            "\"5.\"",
            "\"0x5\"",
            "\"\\ufeff5\"",
            "5.0",
            "[]",
            "\"[]\"",
            "[1]",
            "{\"0\":1}",
            "\"[1]\"",
            "{\"é\":1,\"e\\u0301\":2}",
            "{\"e\\u0301\":2,\"é\":1}",
            "{\"a\":1,\"a\\u00ad\":2}",
            "{\"a\\u00ad\":2,\"a\":1}",
            "{\"a\":1,\"a\\u007f\":2}",
            "{\"a\\u007f\":2,\"a\":1}",
            "{\"a\":1,\"a\":\"1\"}",
            "{\"a\":[[[[[[[1]]]]]]]}",
            "{\"__proto__\":{\"a\":1}}",
            "{\"toJSON\":1}",
            "{\"toString\":1}",
            "true",
            "\"true\"",
            "null",
            "\"null\"",
            "\"\"",
            "\"\\\"\\\"\"",
            "\"[MAX_DEPTH_REACHED]\"",
            "{\"a\":\"[MAX_DEPTH_REACHED]\"}",
            "{\"cmd\":\"\\u0061dmin\"}",
            "{\"\\u0063md\":\"admin\"}",
            "\"\\u0061dmin\"",
            "\"Admin\"",
            "\"cmd\\u003dsum\"",
            "\"\\ud800\"",
            "\"\\ud83d\\ude00\"",
            "{\"a\":\"\\ud800\"}");

    private static RealNest nest;
    private static List<Reading> readings;

    /** One spelling, read by both. */
    private record Reading(String written, String nest, Optional<CanonicalPattern> ours, String forwarded) {
        @Override
        public String toString() {
            return written + " -> Nest " + nest + ", ours " + ours + ", forwarded to Nest " + forwarded;
        }
    }

    @BeforeAll
    static void read() throws Exception {
        var spellings = new Spellings(new Random(SEED));
        var trees = new ArrayList<Spellings.Tree>();
        for (var i = 0; i < 280; i++) trees.add(spellings.pattern());
        var handlers = new LinkedHashSet<>(WRITTEN);
        trees.stream()
                .filter(t -> !(t instanceof Spellings.Tree.Arr))
                .map(spellings::plainly)
                .forEach(handlers::add);
        nest = RealNest.start(List.copyOf(handlers));

        var written = new LinkedHashSet<String>(WRITTEN);
        written.addAll(SLY);
        for (var tree : trees) for (var i = 0; i < 26; i++) written.add(spellings.spelled(tree));
        readings = readings(List.copyOf(written));
    }

    @AfterAll
    static void end() throws IOException {
        if (nest != null) nest.close();
    }

    private static List<Reading> readings(List<String> written) throws IOException {
        var ours = written.stream().map(PatternDifferentialTest::ours).toList();
        var picked = picks(written);
        var again = picks(ours.stream()
                .map(o -> o.map(CanonicalPattern::json).orElse("\"sum\""))
                .toList());
        var all = new ArrayList<Reading>();
        for (var i = 0; i < written.size(); i++) {
            all.add(new Reading(written.get(i), picked.get(i), ours.get(i), again.get(i)));
        }
        return all;
    }

    private static Optional<CanonicalPattern> ours(String written) {
        try {
            return Optional.of(CanonicalPattern.of(written));
        } catch (MalformedMessage refused) {
            return Optional.empty();
        }
    }

    /** The handler that Nest picks for each pattern: {@code none} where it has none, {@code closed} where it hangs up. */
    private static List<String> picks(List<String> patterns) throws IOException {
        var picks = new ArrayList<String>();
        var socket = NestSocket.to(nest.address());
        for (var pattern : patterns) {
            try {
                picks.add(pick(socket, pattern));
            } catch (EOFException closed) {
                picks.add("closed");
                socket = NestSocket.to(nest.address());
            }
        }
        socket.close();
        return picks;
    }

    private static String pick(NestSocket socket, String pattern) throws IOException {
        var reply = socket.send("{\"pattern\":" + pattern + ",\"data\":0,\"id\":\"p\"}")
                .next();
        var handler = HANDLER.matcher(reply);
        if (handler.find()) return handler.group(1);
        assertTrue(reply.contains("no matching message handler"), pattern + " " + reply);
        return "none";
    }

    @Test
    void twoSpellingsOfOneHandlerHaveOnePathAndOneForm() {
        var seen = new HashMap<String, Reading>();
        for (var reading : readings) {
            if (reading.nest().equals("none") || reading.ours().isEmpty()) continue;
            var first = seen.putIfAbsent(reading.nest(), reading);
            if (first != null) assertEquals(first.ours(), reading.ours(), () -> first + "\n" + reading);
        }
        assertTrue(seen.size() > 150, "handlers reached: " + seen.size());
    }

    @Test
    void onePathNeverStandsForTwoHandlers() {
        var seen = new HashMap<String, Reading>();
        for (var reading : readings) {
            if (reading.ours().isEmpty()) continue;
            var first = seen.putIfAbsent(reading.ours().get().path(), reading);
            if (first != null) assertEquals(first.nest(), reading.nest(), () -> first + "\n" + reading);
        }
    }

    @Test
    void whatIsForwardedReachesTheHandlerThatWasMeant() {
        for (var reading : readings) {
            if (reading.ours().isPresent()) assertEquals(reading.nest(), reading.forwarded(), reading::toString);
        }
    }

    @Test
    void theFormForwardedIsItsOwnCanonicalForm() {
        for (var reading : readings) {
            reading.ours().ifPresent(ours -> assertEquals(ours, CanonicalPattern.of(ours.json()), reading::toString));
        }
    }

    @Test
    void fewOfTheSpellingsThatReachAHandlerAreRefused() {
        var reached = readings.stream().filter(r -> !r.nest().equals("none")).toList();
        var refused = reached.stream().filter(r -> r.ours().isEmpty()).toList();

        assertTrue(readings.size() > 4000, "spellings: " + readings.size());
        assertTrue(reached.size() > 2000, "reached a handler: " + reached.size());
        assertTrue(
                refused.size() < reached.size() / 10,
                refused.size() + " of " + reached.size() + ": " + Map.of("refused", refused));
    }
}
