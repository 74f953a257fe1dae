package io.tulle.proxy.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.match.PathMatch;
import io.tulle.model.policy.PathRewrite;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathEditTest {
    /** The first eleven are the table of Gateway API's HTTPPathModifier.replacePrefixMatch. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /foo/bar | /foo  | /xyz  | /xyz/bar
            /foo/bar | /foo  | /xyz/ | /xyz/bar
            /foo/bar | /foo/ | /xyz  | /xyz/bar
            /foo/bar | /foo/ | /xyz/ | /xyz/bar
            /foo     | /foo  | /xyz  | /xyz
            /foo/    | /foo  | /xyz  | /xyz/
            /foo/bar | /foo  | ''    | /bar
            /foo/    | /foo  | ''    | /
            /foo     | /foo  | ''    | /
            /foo/    | /foo  | /     | /
            /foo     | /foo  | /     | /
            /        | /     | /xyz  | /xyz/
            /a/b     | /     | /xyz  | /xyz/a/b
            /a/b     | /     | /     | /a/b
            /foo/bar | /foo  | xyz   | /xyz/bar
            """)
    void replacesAPrefixOfSegments(String path, String prefix, String with, String expected) {
        assertEquals(expected, edit(new PathMatch.Prefix(prefix), with).apply(path));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            string | /foo  | /foobar  | /bar  | /barbar
            string | /foo/ | /foo/bar | /     | /bar
            string | /foo  | /foo/bar | /     | /bar
            string | /foo  | /foo/bar | /x    | /x/bar
            string | /foo  | /foobar  | /x/   | /x/bar
            exact  | /foo  | /foo     | /bar  | /bar
            regex  | /f.*  | /foo/bar | /bar  | /bar
            suffix | .html | /a.html  | /bar  | /bar
            """)
    void replacesWhatIstioMatched(String kind, String written, String path, String with, String expected) {
        assertEquals(expected, edit(PathTestTest.match(kind, written), with).apply(path));
    }

    @Test
    void replacesTheRootWhereNoPathIsMatched() {
        var edit = PathEdit.compile(Optional.of(new PathRewrite.Prefix("/v1")), Optional.empty());
        assertEquals("/v1/a", edit.apply("/a"));
    }

    @Test
    void replacesAWholePath() {
        var edit = PathEdit.compile(Optional.of(new PathRewrite.Full("/b")), Optional.of(new PathMatch.Prefix("/a")));
        assertEquals("/b", edit.apply("/a/c"));
    }

    @Property
    void neverMakesADoubleSlashOrARelativePath(
            @ForAll @CharRange(from = 'a', to = 'c') @StringLength(max = 3) String prefix,
            @ForAll @CharRange(from = 'a', to = 'c') @StringLength(max = 3) String with,
            @ForAll @CharRange(from = 'a', to = 'c') @StringLength(max = 3) String rest,
            @ForAll boolean segments,
            @ForAll boolean slashed) {
        var path = prefix.isEmpty() ? "/" + rest : "/" + prefix + (rest.isEmpty() ? "" : "/" + rest);
        var match = segments ? new PathMatch.Prefix("/" + prefix) : new PathMatch.StringPrefix("/" + prefix);
        var edited = edit(match, "/" + with + (slashed && !with.isEmpty() ? "/" : ""))
                .apply(path);
        assertTrue(edited.startsWith("/") && !edited.contains("//"), edited);
        assertTrue(edited.endsWith(rest), edited);
    }

    @Property
    void aPrefixReplacedByItselfChangesNothing(
            @ForAll @CharRange(from = 'a', to = 'c') @StringLength(min = 1, max = 3) String prefix,
            @ForAll @CharRange(from = 'a', to = 'c') @StringLength(max = 3) String rest) {
        var path = "/" + prefix + "/" + rest;
        assertEquals(
                path, edit(new PathMatch.Prefix("/" + prefix), "/" + prefix).apply(path));
        assertEquals(
                path,
                edit(new PathMatch.StringPrefix("/" + prefix), "/" + prefix).apply(path));
    }

    private static PathEdit edit(PathMatch match, String with) {
        return PathEdit.compile(Optional.of(new PathRewrite.Prefix(with)), Optional.of(match));
    }
}
