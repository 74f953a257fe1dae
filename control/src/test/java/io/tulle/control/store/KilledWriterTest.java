package io.tulle.control.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process of its own commits as fast as it can and is killed by {@code SIGKILL} amid it. */
class KilledWriterTest {
    @TempDir
    static Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 37, 150})
    void whatWasAcknowledgedSurvivesAKillAndNoCommitIsTorn(int acknowledgements) throws Exception {
        var file = folder.resolve("killed.db");
        var acknowledged = killAfter(acknowledgements, file);
        try (var database = Database.open(file)) {
            var store = new EmbeddedStore(database, Clock.systemUTC(), new Random(1));
            assertTrue(
                    store.position().revision() >= acknowledged,
                    store.position() + " lost what was acknowledged: " + acknowledged);
            var bodies = store.list(Query.everything()).resources().stream()
                    .map(resource -> resource.manifest().body())
                    .toList();
            assertEquals(3, bodies.size());
            assertEquals(1, bodies.stream().distinct().count(), bodies.toString());
        }
    }

    private static long killAfter(int acknowledgements, Path file) throws IOException, InterruptedException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var child = new ProcessBuilder(
                        java,
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var lines = new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            var last = 0L;
            for (int i = 0; i < acknowledgements; i++) {
                var line = lines.readLine();
                if (line == null) throw new IOException("the writer ended by itself");
                last = Long.parseLong(line);
            }
            child.destroyForcibly().waitFor();
            return last;
        } finally {
            child.destroyForcibly();
        }
    }

    /** Commits three resources with one counter, for ever, and says each revision once it is durable. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] args) {
            var store = new EmbeddedStore(Database.open(Path.of(args[0])), Clock.systemUTC(), new Random(2));
            for (long i = store.position().revision(); ; i++) {
                var commit = store.commit(Batch.of(
                        ResourceStoreContract.put("a", "" + i),
                        ResourceStoreContract.put("b", "" + i),
                        ResourceStoreContract.put("c", "" + i)));
                if (commit instanceof Commit.Done done)
                    System.out.println(done.at().revision());
            }
        }
    }
}
