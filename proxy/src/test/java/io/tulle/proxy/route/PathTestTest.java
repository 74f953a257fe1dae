package io.tulle.proxy.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.model.match.PathMatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathTestTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            exact  | /a        | /a       | true
            exact  | /a        | /a/      | false
            exact  | /a        | /A       | false
            exact  | /a        | /ab      | false
            prefix | /a        | /a       | true
            prefix | /a        | /a/      | true
            prefix | /a        | /a/b     | true
            prefix | /a        | /ab      | false
            prefix | /a        | /        | false
            prefix | /a/       | /a       | true
            prefix | /a/       | /a/b     | true
            prefix | /         | /        | true
            prefix | /         | /x/y     | true
            prefix | /         | *        | false
            string | /a        | /ab      | true
            string | /a/       | /a       | false
            string | /a        | /b       | false
            suffix | .html     | /x.html  | true
            suffix | .html     | /x.htm   | false
            suffix | .html     | html     | false
            regex  | /a/[0-9]+ | /a/12    | true
            regex  | /a/[0-9]+ | /a/12/b  | false
            regex  | /a/[0-9]+ | /x/a/12  | false
            """)
    void matchesAsItsKindSays(String kind, String written, String path, boolean matches) {
        assertEquals(matches, PathTest.compile(match(kind, written)).accepts(path));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            exact  | /Cart | /cArT    | true
            prefix | /Cart | /CART/x  | true
            prefix | /Cart | /CARTx   | false
            string | /Cart | /CARTx   | true
            suffix | .Html | /a.html  | false
            regex  | /Cart | /cart    | false
            """)
    void ignoresCaseWhereIstioDoes(String kind, String written, String path, boolean matches) {
        assertEquals(matches, PathTest.compile(match(kind, written), true).accepts(path));
    }

    static PathMatch match(String kind, String written) {
        return switch (kind) {
            case "exact" -> new PathMatch.Exact(written);
            case "prefix" -> new PathMatch.Prefix(written);
            case "string" -> new PathMatch.StringPrefix(written);
            case "suffix" -> new PathMatch.StringSuffix(written);
            case "regex" -> new PathMatch.Regex(written);
            default -> throw new IllegalArgumentException(kind);
        };
    }
}
