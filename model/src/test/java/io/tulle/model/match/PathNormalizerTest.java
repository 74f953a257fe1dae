package io.tulle.model.match;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.model.match.PathNormalizer.Mode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Istio's own cases of path normalisation, all modes; a result of 400 means that the path is refused. Where Envoy leaves an
 * escape as it was written, ours is in upper case (docs/decisions/0017).
 */
class PathNormalizerTest {
    private static final Pattern CASE =
            Pattern.compile("\\{\"mode\": \"(\\w+)\", \"in\": \"(.*?)\", \"out\": \"(.*?)\"}");

    private static final Pattern ESCAPE = Pattern.compile("%[0-9a-f]{2}", Pattern.CASE_INSENSITIVE);

    record Case(Mode mode, String in, String out) {}

    static List<Case> cases() throws IOException {
        var file = PathNormalizerTest.class.getResourceAsStream("path-normalization.json");
        try (var in = Objects.requireNonNull(file)) {
            return new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .map(CASE::matcher)
                    .filter(found -> found.find())
                    .map(found -> new Case(Mode.valueOf(found.group(1)), plain(found.group(2)), plain(found.group(3))))
                    .toList();
        }
    }

    private static String plain(String json) {
        return json.replace("\\\\", "\\");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void normalizesAsIstioDoes(Case given) {
        var out = new PathNormalizer(given.mode()).normalize(given.in()).orElse("400");
        var expected = given.mode() == Mode.NONE
                ? given.out()
                : ESCAPE.matcher(given.out())
                        .replaceAll(escape -> escape.group().toUpperCase(Locale.ROOT));
        assertEquals(expected, out, given.toString());
    }

    @Test
    void knowsAllCases() throws IOException {
        assertEquals(345, cases().size());
    }

    @Test
    void isDoneAfterOnce() throws IOException {
        for (var given : cases()) {
            var normalizer = new PathNormalizer(given.mode());
            var once = normalizer.normalize(given.in());
            assertEquals(once, once.flatMap(normalizer::normalize), given.toString());
        }
    }

    /** Texts of the characters that matter here; the seed is fixed, so a failure comes again. */
    @Test
    void isDoneAfterOnceForAnyPath() {
        var parts = List.of("%", "2", "5", "e", "E", "f", "F", "6", "1", "/", ".", "\\", "#", "a", "%2e", "%2F", "%25");
        var random = new Random(17);
        for (var mode : Mode.values()) {
            var normalizer = new PathNormalizer(mode);
            for (int i = 0; i < 50_000; i++) {
                var raw = random.ints(random.nextInt(12), 0, parts.size())
                        .mapToObj(parts::get)
                        .collect(Collectors.joining("", "/", ""));
                var once = normalizer.normalize(raw);
                assertEquals(once, once.flatMap(normalizer::normalize), mode + " " + raw);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/%%361dmin",
                "/%6%31dmin",
                "/x/%2%65%2%65/admin",
                "/%",
                "/a%2",
                "/%zz",
                "/a%\u0662\u0660",
                "/a%#b"
            })
    void aPercentSignWithoutTwoHexadecimalDigitsIsRefused(String raw) {
        for (var mode : Mode.values()) {
            assertEquals(Optional.empty(), new PathNormalizer(mode).normalize(raw), mode + " " + raw);
        }
    }

    @Test
    void twoSpellingsOfOneEscapeAreOnePath() {
        var normalizer = new PathNormalizer(Mode.BASE);
        assertEquals(Optional.of("/caf%C3%A9"), normalizer.normalize("/caf%c3%a9"));
        assertEquals(normalizer.normalize("/caf%C3%A9"), normalizer.normalize("/caf%c3%A9"));
    }

    @Test
    void leavesOrdinaryPathsAlone() {
        var normalizer = new PathNormalizer(Mode.BASE);
        Stream.of("/", "/a", "/a/b.c/d-e", "*", "/a;b=c")
                .forEach(path -> assertEquals(path, normalizer.normalize(path).orElseThrow()));
    }
}
