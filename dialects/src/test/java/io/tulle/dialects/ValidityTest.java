package io.tulle.dialects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.dialects.reader.Reader;
import io.tulle.model.Problem;
import io.tulle.model.world.MeshSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What is valid and what is not, as upstream's validators have it. Each {@code validity/<Kind>.yaml} holds specs of that
 * kind; the first line of each says what it shows, and a line's comment names the codes that are reported there:
 * {@code # TUL1208}, or {@code # warning TUL1227}. A spec without such a comment is accepted without a word.
 */
class ValidityTest {
    private static final Path TABLES = Path.of("src/test/resources/validity");
    private static final Pattern EXPECTED =
            Pattern.compile("# ((?:warning )?TUL[0-9]{4})((?: (?:warning )?TUL[0-9]{4})*)$");
    private static final Pattern CODE = Pattern.compile("(warning )?TUL[0-9]{4}");

    @TestFactory
    Stream<DynamicTest> everySpecIsJudgedAsItsTableSays() throws IOException {
        try (var tables = Files.list(TABLES)) {
            return tables.sorted().toList().stream().flatMap(ValidityTest::table);
        }
    }

    private static Stream<DynamicTest> table(Path file) {
        var kind =
                Kinds.named(file.getFileName().toString().replace(".yaml", "")).orElseThrow();
        var head = "apiVersion: %s\nkind: %s\nmetadata: {name: a}\nspec:\n".formatted(kind.apiVersion(), kind.kind());
        var tests = new ArrayList<DynamicTest>();
        for (var spec : specs(read(file))) {
            var title = spec.lines().getFirst();
            assertTrue(title.startsWith("# "), file + ":" + spec.start() + " has no title");
            tests.add(DynamicTest.dynamicTest(
                    kind.kind() + ": " + title.substring(2).replaceAll(" # .*", ""), () -> check(head, spec)));
        }
        return tests.stream();
    }

    private static void check(String head, Spec spec) {
        var indented = spec.lines().stream().map(line -> "  " + line + "\n").reduce("", String::concat);
        var read = ResourceReader.read(new Reader().yaml("f", head + indented), "shop");
        var problems = new ArrayList<>(read.problems());
        problems.addAll(
                WorldReader.read(1, MeshSettings.DEFAULT, read.resources()).problems());
        var found = new TreeSet<String>();
        for (var problem : problems) {
            if (problem.code().equals("TUL1226")) continue; // held closed: beside each error of a security policy
            found.add(
                    at(problem.where().orElseThrow().line() - 4, problem.isError() ? "" : "warning ", problem.code()));
        }
        assertEquals(String.join("\n", spec.expected()), String.join("\n", found), () -> told(problems));
    }

    private static String told(List<Problem> problems) {
        return problems.stream().map(Problem::explained).reduce("", (one, other) -> one + "\n" + other);
    }

    private static String at(int line, String severity, String code) {
        return "%03d %s%s".formatted(line, severity, code);
    }

    private record Spec(int start, List<String> lines) {
        TreeSet<String> expected() {
            var expected = new TreeSet<String>();
            for (int i = 0; i < lines.size(); i++) {
                var comment = EXPECTED.matcher(lines.get(i));
                if (!comment.find()) continue;
                var codes = CODE.matcher(comment.group());
                while (codes.find()) expected.add("%03d %s".formatted(i + 1, codes.group()));
            }
            return expected;
        }
    }

    private static List<Spec> specs(List<String> lines) {
        var specs = new ArrayList<Spec>();
        var current = new ArrayList<String>();
        for (int i = 0; i <= lines.size(); i++) {
            if (i < lines.size() && !lines.get(i).equals("---")) {
                current.add(lines.get(i));
                continue;
            }
            if (!current.isEmpty()) specs.add(new Spec(i - current.size() + 1, List.copyOf(current)));
            current.clear();
        }
        return specs;
    }

    private static List<String> read(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }
}
