package io.tulle.dialects.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComposeTest {
    private static final Map<String, String> VARIABLES =
            Map.of("PORT", "3000", "EMPTY", "", "TOKEN", "from the caller", "TAG", "7");
    private static final Map<String, String> FILES = Map.of(
            "shop.env", "# shop\nexport A=1\nB='$PORT'\nC=\"x ${PORT}\\n\" \nD=bare value # comment\nTOKEN\nE=${A}1\n",
            "late.env", "A=2\n",
            "next.env", "F=${A}-${OWN}-${PORT}\nOWN=file\nGONE=1\n",
            "raw.env", "# raw\nR='$PORT' # all\nTOKEN\n");

    private static final Surroundings HERE = new Surroundings() {
        @Override
        public Optional<String> variable(String name) {
            return Optional.ofNullable(VARIABLES.get(name));
        }

        @Override
        public Text file(String path) {
            if (path.equals("locked.env")) return new Text.Unreadable("you have no permission to read it");
            return FILES.containsKey(path) ? new Text.Found(FILES.getOrDefault(path, "")) : new Text.Missing();
        }

        @Override
        public Kind kind(String path) {
            return Kind.FILE; // all that commands name is built
        }
    };

    @ParameterizedTest
    @ValueSource(strings = {"shop", "slips"})
    void everyCaseReadsAsItsGoldenSays(String name) throws IOException {
        var folder = Path.of("src/test/resources/compose", name);
        var reading = ComposeReader.read(
                List.of(new ComposeText("compose.yaml", Files.readAllBytes(folder.resolve("compose.yaml")))),
                HERE,
                Profiles.NONE);
        var text = new StringBuilder();
        reading.file().services().values().forEach(service -> text.append(shown(service)));
        compare(folder.resolve("services.txt"), text.toString());
        compare(
                folder.resolve("problems.txt"),
                String.join(
                        "",
                        reading.problems().stream()
                                .map(p -> (p.isError() ? "error " : "warning ") + p.explained() + "\n")
                                .toList()));
    }

    static String shown(ComposeService service) {
        var fields = new ArrayList<String>();
        for (var component : ComposeService.class.getRecordComponents()) {
            try {
                fields.add("  " + component.getName() + ": "
                        + component.getAccessor().invoke(service));
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(e.getMessage(), e);
            }
        }
        return service.name() + "\n" + String.join("\n", fields.subList(2, fields.size())) + "\n";
    }

    private static void compare(Path golden, String actual) throws IOException {
        if (System.getenv("GOLDEN_WRITE") != null) Files.writeString(golden, actual);
        assertEquals(Files.readString(golden), actual, golden.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a$$b|a$b",
                "${PORT}|3000",
                "$PORT/x|3000/x",
                "${NONE:-else}|else",
                "${NONE-else}|else",
                "${EMPTY:-else}|else",
                "${EMPTY-else}x|x",
                "${PORT:+set}|set",
                "${NONE:+set}x|x",
                "${EMPTY+set}|set",
                "${NONE:-${PORT}}|3000",
                "${NONE:-${NONE:-}}x|x",
                "${PORT:?said}|3000",
                "${NONE:-a}b}|ab}",
                "$${PORT}|${PORT}",
                "a $ b|a $ b",
                "pa$!w|pa$!w",
                "^[a-z]+$|^[a-z]+$",
                "$(cmd)|$(cmd)",
                "$1|$1",
                "${NONE:-{}}|{}",
                "${NONE:-{\"a\":{}}} ${PORT}|{\"a\":{}} 3000",
                "${NONE:-{}|{"
            })
    void variablesAreReplacedAsComposeDoes(String written, String meant) {
        var problems = new ArrayList<Problem>();
        assertEquals(meant, new Substitution(HERE::variable, problems).in(written, new Problem.Place("f", 1, 1)));
        assertEquals(List.of(), problems);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "${NONE:?say it}|TUL2203",
                "${EMPTY:?say it}|TUL2203",
                "${NONE?}|TUL2203",
                "$NONE|TUL2204",
                "${NONE}|TUL2204",
                "${|TUL2205",
                "${}|TUL2205",
                "${1}|TUL2205",
                "${PORT:}|TUL2205",
                "${PORT!x}|TUL2205",
                "${A:-${B:-|TUL2205"
            })
    void whatCannotBeReplacedIsTold(String written, String code) {
        var problems = new ArrayList<Problem>();
        new Substitution(HERE::variable, problems).in(written, new Problem.Place("f", 1, 1));
        assertEquals(List.of(code), problems.stream().map(Problem::code).toList());
    }

    @Test
    void whatNobodyAskedForBlocksNothing() {
        var text = """
                services:
                  web: {command: node s.js, depends_on: {seed: {condition: service_started, required: false}}}
                  seed: {build: ./nowhere, profiles: [tools]}
                  my-db: {image: postgres, profiles: [tools]}
                  my_db: {build: ./nowhere, profiles: [tools]}
                """.getBytes(StandardCharsets.UTF_8);
        assertEquals(
                List.of(),
                ComposeReader.read(List.of(new ComposeText("f", text)), HERE, Profiles.NONE)
                        .problems());
        var asked = ComposeReader.read(List.of(new ComposeText("f", text)), HERE, new Profiles(Set.of("tools")));
        assertTrue(asked.problems().stream().anyMatch(Problem::isError), "" + asked.problems());
    }

    @Test
    void profilesAreThoseOfTheCommandLineElseOfTheVariable() {
        var surroundings = new NothingBeside() {
            @Override
            public Optional<String> variable(String name) {
                return name.equals("COMPOSE_PROFILES") ? Optional.of("a, b,") : Optional.empty();
            }
        };
        assertEquals(new Profiles(Set.of("a", "b")), Profiles.of(List.of(), surroundings));
        assertEquals(new Profiles(Set.of("c")), Profiles.of(List.of("c"), surroundings));
        assertTrue(new Profiles(Set.of("*")).want(List.of("any")));
        assertFalse(Profiles.NONE.want(List.of("any")));
    }

    @Test
    void aBombOfDefaultsIsRefused() {
        var problems = new ArrayList<Problem>();
        new Substitution(HERE::variable, problems)
                .in("${N:-".repeat(10_000) + "}".repeat(10_000), new Problem.Place("f", 1, 1));
        assertEquals(List.of("TUL2205"), problems.stream().map(Problem::code).toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "node dist/main.js|[node, dist/main.js]",
                "sh -c 'a && b'|[sh, -c, a && b]",
                "a \"b c\" d\\ e|[a, b c, d e]",
                "a \"x \\\"y\\\" \\n\"|[a, x \"y\" \\n]",
                "a '' b|[a, , b]",
                "  a   b  |[a, b]"
            })
    void commandsSplitAsComposeSplitsThem(String line, String words) {
        assertEquals(words, Words.of(line).orElseThrow().toString());
    }

    @Test
    void anOpenQuoteIsNoCommand() {
        assertEquals(Optional.empty(), Words.of("a 'b"));
    }

    @Test
    void anEnvironmentFileMayNameVariablesOfEarlierFilesAndOfTheEntry() {
        assertEquals(
                Map.of("A", "2", "F", "2-entry-3000", "OWN", "entry"),
                environment("env_file: [late.env, next.env], environment: [OWN=entry, GONE]"));
    }

    @Test
    void aRawEnvironmentFileIsTakenAsItStands() {
        assertEquals(
                Map.of("R", "'$PORT' # all", "TOKEN", "from the caller"),
                environment("env_file: [{path: raw.env, format: raw}]"));
    }

    @Test
    void anEnvironmentFileThatCannotBeReadIsAnErrorAlsoWhereItIsNotRequired() {
        var text = "{services: {a: {command: x, env_file: [{path: locked.env, required: false},"
                + " {path: none.env, required: false}]}}}";
        var problems = ComposeReader.read(
                        List.of(new ComposeText("f", text.getBytes(StandardCharsets.UTF_8))), HERE, Profiles.NONE)
                .problems();
        assertEquals(List.of("TUL2208"), problems.stream().map(Problem::code).toList());
        assertTrue(problems.getFirst().message().contains("no permission"));
    }

    private static Map<String, String> environment(String entry) {
        var text = "{services: {a: {command: x, " + entry + "}}}";
        var reading = ComposeReader.read(
                List.of(new ComposeText("f", text.getBytes(StandardCharsets.UTF_8))), HERE, Profiles.NONE);
        assertEquals(List.of(), reading.problems());
        return reading.file().services().values().iterator().next().environment();
    }

    /** The example of this very repository, as it is. */
    @Test
    void theShopReadsWithoutAnError() throws IOException {
        var file = Path.of(System.getProperty("tulle.root", ".."), "examples/shop/compose.yaml");
        var reading = ComposeReader.read(
                List.of(new ComposeText(file.toString(), Files.readAllBytes(file))), HERE, Profiles.NONE);
        assertEquals(
                List.of(), reading.problems().stream().filter(Problem::isError).toList());
        assertEquals(2, reading.file().services().get("cart").replicas());
    }

    @Test
    void notYamlIsAProblemAndNoFile() {
        var reading = ComposeReader.read(
                List.of(new ComposeText("f", "a: [".getBytes(StandardCharsets.UTF_8))), HERE, Profiles.NONE);
        assertEquals("TUL1104", reading.problems().getFirst().code());
        assertEquals(Map.of(), reading.file().services());
    }
}
