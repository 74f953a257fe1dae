package io.tulle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.cli.api.Mesh;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each line that a verb writes of somebody else's text: nothing in it steers the terminal or begins a line. */
class StrangersTextTest {
    private static final String WIPE = "\u001b[2J\nall is well";

    @TempDir
    private Path folder;

    private final StringWriter err = new StringWriter();
    private final StringWriter out = new StringWriter();

    @Test
    void ofAProxyThatRejects() {
        assertEquals(
                "web-1 rejected it: TUL1703 \\u001b[2J\\nall is well",
                ApplyCommand.told(new Mesh.Waiting("web-1", true, "TUL1703 " + WIPE)));
    }

    @Test
    void ofAnArgument() {
        execute("get", "--no-such\u001b[2J\nall is well");
        assertPlain(err.toString());
        assertTrue(err.toString().contains("TUL1010"), err.toString());
    }

    @Test
    void ofAFault() {
        var line = Tulle.commandLine().setErr(new PrintWriter(err, true));
        Failures.execution(new IllegalStateException(WIPE), line, line.parseArgs());
        assertPlain(err.toString());
    }

    @Test
    void ofACommandInAComposeFile() throws Exception {
        var file = Files.writeString(folder.resolve("compose.yaml"), """
                services:
                  a: {image: node, working_dir: /app, volumes: [".:/app"], command: ["node", "-e", "\\e[2J"]}
                """);
        execute("up", "--dry-run", "-f", file.toString());
        assertTrue(out.toString().contains("\\u001b[2J"), out + "\n" + err);
        assertPlain(out.toString());
    }

    @Test
    void ofAFileThatCannotBeKept() throws Exception {
        var wild = Files.writeString(folder.resolve("a\u001b[2J"), "");
        var line = Tulle.commandLine().setErr(new PrintWriter(err, true));
        var kept = RunOutput.of(folder.resolve("run"), wild.resolve("web.log"), line.getCommandSpec());
        assertTrue(kept.file().isEmpty());
        assertTrue(err.toString().startsWith("tulle: "), err.toString());
        assertPlain(err.toString());
    }

    @Test
    void ofAFileThatIsNotKeptAnyMore() throws Exception {
        var wild = Files.createDirectory(folder.resolve("a\u001b[2J")).resolve("web.log");
        var screen = new ByteArrayOutputStream();
        var before = System.err;
        System.setErr(new PrintStream(screen, true, StandardCharsets.UTF_8));
        try {
            var kept = RunOutput.of(
                    folder.resolve("run"), wild, Tulle.commandLine().getCommandSpec());
            var source = kept.source();
            source.write("1\n".getBytes(StandardCharsets.UTF_8));
            Files.delete(wild);
            Files.createDirectories(wild.resolve("in the way"));
            var line = ("x".repeat(10_000) + "\n").getBytes(StandardCharsets.UTF_8);
            for (var i = 0; i <= 11 << 20; i += line.length) source.write(line);
        } finally {
            System.setErr(before);
        }
        var said = screen.toString(StandardCharsets.UTF_8);
        assertTrue(said.startsWith("tulle: its output is not kept any more"), said);
        assertPlain(said);
    }

    private void execute(String... words) {
        Tulle.commandLine()
                .setErr(new PrintWriter(err, true))
                .setOut(new PrintWriter(out, true))
                .execute(words);
    }

    private static void assertPlain(String said) {
        assertFalse(said.contains("\u001b"), said);
        assertFalse(said.contains("\nall is well"), said);
    }
}
