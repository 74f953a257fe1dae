package io.tulle.it.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a sidecar's process loads: every instance of a mesh pays for it. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
final class LoadedClassesTest {
    /** Libraries of the control plane and its server, and its rooms. */
    private static final List<String> CONTROL_PLANE = List.of(
            "org.sqlite.",
            "com.linecorp.armeria.",
            "org.bouncycastle.",
            "com.fasterxml.",
            "io.tulle.control.",
            "io.tulle.xds.server.");

    private static final Pattern LOADED = Pattern.compile("\\] (\\S+) source:");

    @TempDir
    private Path folder;

    @Test
    void aRunLoadsNothingThatOnlyTheControlPlaneNeeds() throws Exception {
        try (var tulle = new TulleHome(folder)) {
            tulle.control();
            var log = folder.resolve("loaded.txt");

            var run = tulle.start(
                    Map.of("JDK_JAVA_OPTIONS", "-Xlog:class+load:file=" + log),
                    "run",
                    "web",
                    "--expose",
                    "4000/http",
                    "--",
                    "node",
                    "-e",
                    "require('http').createServer((q, r) => r.end()).listen(4000)");
            TulleHome.awaitLine(run, "is in the mesh");

            var loaded = loaded(log);
            assertTrue(loaded.stream().anyMatch(name -> name.startsWith("io.grpc.")), "it speaks to its control plane");
            var tooMuch = loaded.stream()
                    .filter(name -> CONTROL_PLANE.stream().anyMatch(name::startsWith))
                    .filter(name -> !name.endsWith("Exception")) // what a verb catches is loaded when it is verified
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(new TreeSet<String>(), tooMuch);
        }
    }

    private static List<String> loaded(Path log) throws Exception {
        return Files.readAllLines(log).stream()
                .map(LOADED::matcher)
                .filter(matcher -> matcher.find())
                .map(matcher -> matcher.group(1))
                .toList();
    }
}
