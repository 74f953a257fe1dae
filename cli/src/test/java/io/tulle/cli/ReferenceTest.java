package io.tulle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.Explanation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/**
 * {@code docs/reference/cli.md} and {@code codes.md} say what the code says. {@code GOLDEN_WRITE=1} in the environment
 * writes them anew.
 */
class ReferenceTest {
    private static final Pattern CODE = Pattern.compile("TUL\\d{4}");
    private static final Path REFERENCE = Path.of(System.getProperty("tulle.root"), "docs", "reference");

    @Test
    void eachVerbAndOptionIsInTheReference() throws IOException {
        var text = new StringBuilder("# The command line\n\nWhat `tulle VERB --help` prints; written by a test.\n");
        text.append(
                "\nExit codes: 0 done, 1 findings, 2 usage, 3 the control plane cannot be reached; `tulle run` ends with");
        text.append(" that of the application.\n");
        each(Tulle.commandLine(), text);
        compare("cli.md", text.toString());
    }

    private static void each(CommandLine line, StringBuilder text) {
        var subcommands = new java.util.LinkedHashSet<>(line.getSubcommands().values());
        for (var verb : subcommands) {
            if (verb.getCommandSpec().usageMessage().hidden()) continue; // nobody types it
            text.append("\n## ").append(verb.getCommandSpec().qualifiedName()).append("\n\n```\n");
            text.append(verb.getUsageMessage(Ansi.OFF)
                    .replaceAll("(?m)[ \\t]+$", "")
                    .strip());
            text.append("\n```\n");
            each(verb, text);
        }
    }

    @Test
    void eachCodeIsInTheReference() throws IOException {
        var text = new StringBuilder("# Codes\n\nWhat `tulle help CODE` prints; written by a test.\n");
        text.append("\n| code | what | cause | fix |\n|---|---|---|---|\n");
        Codes.all()
                .sorted(Comparator.comparing(Explanation::code))
                .forEach(e -> text.append("| `%s` | %s | %s | %s |\n"
                        .formatted(e.code(), cell(e.title()), cell(e.cause()), cell(e.fix()))));
        compare("codes.md", text.toString());
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;");
    }

    @Test
    void noCodeMeansTwoThings() {
        var twice =
                Codes.all().collect(Collectors.groupingBy(Explanation::code, Collectors.counting())).entrySet().stream()
                        .filter(entry -> entry.getValue() > 1)
                        .map(java.util.Map.Entry::getKey)
                        .toList();
        assertTrue(twice.isEmpty(), twice + " are explained twice");
        assertFalse(Codes.find("TUL1099").isEmpty());
    }

    @Test
    void eachCodeSaysWhatItIsWhyAndWhatToDo() {
        assertEquals(
                List.of(),
                Codes.all()
                        .filter(e -> e.title().isBlank()
                                || e.cause().isBlank()
                                || e.fix().isBlank())
                        .map(Explanation::code)
                        .toList());
    }

    /** In sources of any kind: what is printed can be looked up. */
    @Test
    void eachCodeThatIsWrittenIsExplained() throws IOException {
        var root = Path.of(System.getProperty("tulle.root"));
        var unknown = new TreeMap<String, Path>();
        try (var walk = Files.walk(root)) {
            for (var file : walk.filter(ReferenceTest::isShipped).toList()) {
                var found = CODE.matcher(Files.readString(file));
                while (found.find()) {
                    if (Codes.find(found.group()).isEmpty()) unknown.put(found.group(), root.relativize(file));
                }
            }
        }
        assertEquals(Map.of(), unknown);
    }

    private static boolean isShipped(Path file) {
        var path = file.toString();
        if (path.contains("/target/") || path.contains("/node_modules/") || !Files.isRegularFile(file)) return false;
        var source = path.contains("/src/main/") || path.contains("/node-hook/src/") || path.contains("/dist/src/bin/");
        return source && path.matches(".*\\.(java|js|cjs|sh|html)|.*/dist/src/bin/[^.]*") || path.endsWith("/tulle");
    }

    private static void compare(String file, String actual) throws IOException {
        var page = REFERENCE.resolve(file);
        if (System.getenv("GOLDEN_WRITE") != null) Files.writeString(page, actual);
        assertEquals(
                Files.readString(page), actual, page + " is not what the code says; GOLDEN_WRITE=1 writes it anew");
    }
}
