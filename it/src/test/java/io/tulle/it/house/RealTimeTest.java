package io.tulle.it.house;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Time and chance are arguments: only the edges named here read the real ones, or wait for them to pass. */
class RealTimeTest {
    private static final Set<String> REAL = Set.of(
            "java/lang/System.currentTimeMillis()J",
            "java/lang/System.nanoTime()J",
            "java/lang/Thread.sleep(J)V",
            "java/lang/Thread.sleep(Ljava/time/Duration;)V",
            "java/lang/Math.random()D",
            "java/time/Instant.now()Ljava/time/Instant;",
            "java/time/LocalDate.now()Ljava/time/LocalDate;",
            "java/time/LocalDateTime.now()Ljava/time/LocalDateTime;",
            "java/time/ZonedDateTime.now()Ljava/time/ZonedDateTime;",
            "java/time/OffsetDateTime.now()Ljava/time/OffsetDateTime;",
            "java/util/concurrent/ThreadLocalRandom.current()Ljava/util/concurrent/ThreadLocalRandom;");

    /** Source files that stand at an edge, and what of the real world each may use. */
    private static final Map<String, Set<String>> EDGES = Map.of(
            "io/tulle/cli/ApplyCommand", Set.of("System.nanoTime"), // a verb waits as long as its user said
            "io/tulle/cli/ControlProcess", Set.of("System.nanoTime"),
            "io/tulle/labs/CircuitBreakingLab", Set.of("Thread.sleep"), // labs are clients: they live in real time
            "io/tulle/labs/load/Running", Set.of("System.nanoTime"),
            "io/tulle/labs/stage/Stage", Set.of("System.nanoTime", "Thread.sleep"),
            "io/tulle/labs/stage/Traffic", Set.of("System.nanoTime", "Thread.sleep"),
            "io/tulle/labs/stage/Machine", Set.of("System.nanoTime"), // how late it is woken is what it measures
            "io/tulle/proxy/observe/SpanExporter", Set.of("System.nanoTime")); // how long its end may take

    @Test
    void onlyTheEdgesKnowWhatTimeItIs() throws IOException {
        var found = new TreeMap<String, Set<String>>();
        for (var each : Compiled.of(Compiled.ROOMS)) {
            var used = each.uses(true);
            used.retainAll(REAL);
            if (used.isEmpty()) continue;
            var calls = used.stream().map(RealTimeTest::called).collect(Collectors.toSet());
            found.computeIfAbsent(each.source(), _ -> new TreeSet<>()).addAll(calls);
        }
        assertEquals(
                new TreeMap<>(EDGES),
                found,
                "take a Clock, an InstantSource, a Ticker, a scheduler or a RandomGenerator as an argument");
    }

    private static String called(String use) {
        var name = use.substring(0, use.indexOf('('));
        return name.substring(name.lastIndexOf('/') + 1);
    }
}
