package io.tulle.proxy.http1;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.proxy.http1.PathNormalizer.Mode;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Istio's own cases of path normalisation, all modes; a result of 400 means that the path is refused. */
class PathNormalizerTest {
    private static final Pattern CASE =
            Pattern.compile("\\{\"mode\": \"(\\w+)\", \"in\": \"(.*?)\", \"out\": \"(.*?)\"}");

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
        assertEquals(given.out(), out, given.toString());
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

    @Test
    void leavesOrdinaryPathsAlone() {
        var normalizer = new PathNormalizer(Mode.BASE);
        Stream.of("/", "/a", "/a/b.c/d-e", "*", "/a;b=c")
                .forEach(path -> assertEquals(path, normalizer.normalize(path).orElseThrow()));
    }
}
