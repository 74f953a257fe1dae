package io.tulle.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;

/** Holds the table of ARCHITECTURE.md against the compiled classes, with the JDK's own jdeps. */
final class DependencyDirectionTest {
    private static final Map<String, Set<String>> MAY_IMPORT = Map.of(
            "model", Set.of(),
            "dialects", Set.of("model"),
            "xds", Set.of("model"),
            "compile", Set.of("model", "xds"),
            "control", Set.of("model", "dialects", "xds", "compile"),
            "proxy", Set.of("model", "xds"),
            "launch", Set.of("model", "dialects"),
            "labs", Set.of("model", "dialects", "launch"),
            "agent", Set.of("model", "dialects", "xds", "proxy", "launch"),
            "cli", Set.of("model", "dialects", "xds", "compile", "control", "proxy", "launch", "agent", "labs"));

    /** Packages of a room that decide, and so are asked by explanations too: no Netty there. */
    private static final Set<String> PURE = Set.of(
            "io.tulle.compile",
            "io.tulle.proxy.route",
            "io.tulle.proxy.filter",
            "io.tulle.proxy.balance",
            "io.tulle.proxy.resilience");

    private static final Pattern ARROW = Pattern.compile("\\s+(io\\.tulle\\.\\S+)\\s+->\\s+(\\S+)\\s+.*");

    private record Arrow(String from, String to) {}

    @Test
    void roomsImportOnlyWhatTheHouseAllows() {
        var wrong = new TreeSet<String>();
        var seen = new TreeMap<String, Set<String>>();
        for (var arrow : arrows()) {
            var from = room(arrow.from());
            var to = room(arrow.to());
            if (from.isEmpty() || to.isEmpty() || from.equals(to)) continue;
            seen.computeIfAbsent(from.get(), _ -> new TreeSet<>()).add(to.get());
            if (!MAY_IMPORT.getOrDefault(from.get(), Set.of()).contains(to.get())) {
                wrong.add(arrow.from() + " -> " + arrow.to());
            }
        }
        assertEquals(Set.of(), wrong);
        assertTrue(seen.getOrDefault("compile", Set.of()).contains("xds"), "jdeps saw nothing: " + seen);
    }

    @Test
    void whatDecidesKnowsNoNetty() {
        var wrong = arrows().stream()
                .filter(arrow -> PURE.contains(arrow.from()) && arrow.to().startsWith("io.netty"))
                .toList();
        assertEquals(List.of(), wrong);
        assertTrue(arrows().stream().anyMatch(arrow -> arrow.to().startsWith("io.netty")), "jdeps saw no library");
    }

    @Test
    void protobufStaysInXdsAndJacksonInControl() {
        var wrong = arrows().stream()
                .filter(arrow -> (arrow.to().startsWith("com.google.protobuf") && !inRoom(arrow, "xds"))
                        || (arrow.to().startsWith("com.fasterxml.jackson") && !inRoom(arrow, "control")))
                .toList();
        assertEquals(List.of(), wrong);
    }

    private static boolean inRoom(Arrow arrow, String room) {
        return room(arrow.from()).filter(room::equals).isPresent();
    }

    private static Optional<String> room(String packageName) {
        if (!packageName.startsWith("io.tulle.")) return Optional.empty();
        return Optional.of(packageName.split("\\.")[2]);
    }

    private static List<Arrow> arrows() {
        var classes = rooms();
        var out = new StringWriter();
        var arguments = new ArrayList<>(List.of("--multi-release", "base", "-verbose:package"));
        classes.forEach(path -> arguments.add(path.toString()));
        var code = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(new PrintWriter(out), new PrintWriter(out), arguments.toArray(String[]::new));
        assertEquals(0, code, out::toString);
        return out.toString()
                .lines()
                .map(ARROW::matcher)
                .filter(java.util.regex.Matcher::matches)
                .map(m -> new Arrow(m.group(1), m.group(2)))
                .toList();
    }

    private static List<Path> rooms() {
        var root = Path.of(System.getProperty("tulle.root"));
        return MAY_IMPORT.keySet().stream()
                .map(room -> root.resolve(room).resolve("target/classes"))
                .filter(Files::isDirectory)
                .sorted()
                .toList();
    }
}
