package io.tulle.dialects.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.model.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each row says what docker compose makes of the line (compose-go 2, packages dotenv and template). */
class EnvFileTest {
    private static final Function<String, Optional<String>> CALLER =
            name -> Optional.ofNullable(Map.of("HOME", "/root", "EMPTY", "").get(name));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                // bare values
                "X=plain|plain",
                "X = spaced |spaced",
                "export X=1|1",
                "  export\tX=1|1",
                "X: yaml|yaml",
                "X=a=b:c|a=b:c",
                "X=#ff0000|#ff0000",
                "X=a#b|a#b",
                "X=a # said|a",
                "X= # all of it|# all of it",
                "X=a\tb \t|a\tb",
                "X=it's|it's",
                "X=a\\nb|a\\nb",
                "X=\\$HOME|\\/root",
                // what is no variable stays
                "X=pa$!w|pa$!w",
                "X=^[a-z]+$|^[a-z]+$",
                "X=$(cmd)|$(cmd)",
                "X=a $ b|a $ b",
                "X=$1|$1",
                "X=cost$$5|cost$5",
                "X=$HOME/x|/root/x",
                "X=${HOME}x|/rootx",
                "X=${NONE:-d}|d",
                "X=${EMPTY:-d}|d",
                "X=${EMPTY-d}|~~",
                "X=${HOME:+set}|set",
                "X=${NONE:-{\"a\":1}}|{\"a\":1}",
                // single quotes: nothing is replaced, and only the quote itself is escaped
                "X='Let\\'s go'|Let's go",
                "X='$HOME'|$HOME",
                "X='a\\nb'|a\\nb",
                "X='a\\\\'|a\\\\",
                "X='a # b' # said|a # b",
                "X='a\"b'|a\"b",
                // double quotes
                "X=\"a # b\" # said|a # b",
                "X=\"say \\\"x\\\"\"|say \"x\"",
                "X=\"it's $HOME\"|it's /root",
                "X=\"\\$HOME\"|$HOME",
                "X=\"$$HOME\"|$HOME",
                "X=\"a\\tb\\\\c\"|a\tb\\c",
                "X=\"\\x41\\q\"|\\x41\\q",
                "X=\"\\0101\"|A",
                "X=\"\\09\"|\\09",
                "X=\"pa$!w\"|pa$!w",
                "X=\"\"|~~",
                "X=|~~",
                "X[0].a-b=c|"
            })
    void aLineMeansWhatItMeansToCompose(String line, String meant) {
        var file = EnvFile.parse(".env", line + "\n", CALLER);
        assertEquals(
                List.of(), file.problems().stream().filter(Problem::isError).toList());
        var wanted = meant == null ? Map.of("X[0].a-b", "c") : Map.of("X", meant);
        assertEquals(wanted, file.values());
    }

    @Test
    void aQuotedValueMayHaveSeveralLines() {
        var text = "KEY=\"-----BEGIN\nabc\\n\n-----END\"\nNEXT='a\nb'\nLAST=1";
        assertEquals(
                Map.of("KEY", "-----BEGIN\nabc\n\n-----END", "NEXT", "a\nb", "LAST", "1"),
                EnvFile.parse(".env", text, CALLER).values());
    }

    @Test
    void whatTheCallerHasCountsMoreThanAnEarlierLine() {
        var text = "\uFEFFA=1\r\nHOME=/here\r\nB=$A$HOME\r\nHOME\r\n# C=1\r\n\r\nD='x'\r\n";
        assertEquals(
                Map.of("A", "1", "HOME", "/root", "B", "1/root", "D", "x"),
                EnvFile.parse(".env", text, CALLER).values());
    }

    @Test
    void aKeyAloneTakesTheCallersValueAndNoOthers() {
        assertEquals(
                Map.of("HOME", "/root"),
                EnvFile.parse(".env", "HOME\nNONE\n", CALLER).values());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "1|X=\"open",
                "1|X='open",
                "1|X='value\\'",
                "1|lol$wut",
                "1|a b=c",
                "1|=value",
                "2|A=1\\nX='it's'",
                "3|A='1\\n2'\\nX='open",
                "1|X=${",
                "1|X=${}",
                "1|X=${1}",
                "1|X=${A!b}",
                "1|X=${A:?say}"
            })
    void whatComposeRefusesIsRefusedWithItsLine(int line, String text) {
        var problems = new ArrayList<Problem>(
                EnvFile.parse(".env", text.replace("\\n", "\n"), CALLER).problems());
        assertEquals(1, problems.stream().filter(Problem::isError).count(), "" + problems);
        assertEquals(line, problems.getFirst().where().orElseThrow().line());
    }
}
