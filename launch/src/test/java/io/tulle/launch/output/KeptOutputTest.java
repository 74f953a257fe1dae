package io.tulle.launch.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeptOutputTest {
    @TempDir
    private Path folder;

    private Path file = Path.of("");
    private final List<String> failures = new ArrayList<>();

    @BeforeEach
    void name() {
        file = folder.resolve("logs/web.log");
    }

    @Test
    void twoSourcesNeverShareALine() throws IOException {
        var kept = open(1_000);
        try (var out = kept.source();
                var err = kept.source()) {
            say(out, "half of");
            say(err, "an error\n");
            say(out, " a line\nand one");
        }
        assertEquals("an error\nhalf of a line\nand one\n", Files.readString(file));
    }

    @Test
    void aLineWithoutAnEndIsKeptInPieces() throws IOException {
        try (var out = open(100_000).source()) {
            say(out, "x".repeat(20_000));
            assertEquals(20_001, Files.size(file));
        }
    }

    @Test
    void theFilesAreForTheOwnerAloneAndTogetherAsLongAsIsSaid() throws IOException {
        try (var out = open(100).source()) {
            for (var i = 0; i < 100; i++) say(out, "line " + i + "\n");
        }
        var older = KeptOutput.older(file);
        assertTrue(Files.size(file) <= 100 && Files.size(older) <= 100);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(older)));
        assertTrue(printed(OptionalInt.empty()).endsWith("line 98\nline 99\n"));
        assertEquals(2, Files.list(file.getParent()).count());
    }

    @Test
    void aLaterRunOfTheNameAddsToIt() throws IOException {
        for (var life : List.of("first", "second")) {
            try (var out = open(1_000).source()) {
                say(out, life + "\n");
            }
        }
        assertEquals("first\nsecond\n", printed(OptionalInt.empty()));
    }

    @Test
    void theTailIsCountedOverBothFiles() throws IOException {
        try (var out = open(16).source()) {
            for (var i = 1; i <= 4; i++) say(out, "line " + i + "\n");
        }
        assertEquals("line 3\nline 4\n", printed(OptionalInt.of(2)));
        assertEquals("line 2\nline 3\nline 4\n", printed(OptionalInt.of(3)));
        assertEquals("", printed(OptionalInt.of(0)));
        assertEquals("line 1\nline 2\nline 3\nline 4\n", printed(OptionalInt.of(9)));
    }

    @Test
    void whatCannotBeWrittenIsToldOnceAndTheRunGoesOn() throws IOException {
        var kept = open(10);
        try (var out = kept.source()) {
            say(out, "12345678\n");
            Files.delete(file);
            Files.createDirectories(file.resolve("in the way"));
            say(out, "12345678\n12345678\n");
            say(out, "more\n");
        }
        assertEquals(1, failures.size());
    }

    @Test
    void whoFollowsSeesEachLineOnceWhileFilesTurnOver() throws Exception {
        var seen = new Lines();
        var goesOn = new AtomicBoolean(true);
        try (var out = open(60).source();
                var reader = new OutputReader(file, seen)) {
            say(out, "line 0\n");
            reader.print(OptionalInt.empty());
            assertEquals("line 0", seen.next());
            var following = Thread.ofVirtual().start(() -> {
                try {
                    reader.follow(goesOn::get);
                } catch (IOException | InterruptedException e) {
                    failures.add(e.toString());
                }
            });
            for (var i = 1; i < 50; i++) { // more than the two files hold together
                say(out, "line " + i + "\n");
                assertEquals("line " + i, seen.next());
            }
            say(out, "the last\n");
            goesOn.set(false);
            assertEquals("the last", seen.next());
            following.join();
        }
        assertEquals(List.of(), failures);
    }

    @Test
    void whereNothingWasPrintedThereIsNothing() throws IOException {
        assertFalse(OutputReader.isThere(file));
        assertEquals("", printed(OptionalInt.empty()));
    }

    /** What a reader prints, line by line. */
    private static final class Lines extends OutputStream {
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private final LinkedBlockingQueue<String> whole = new LinkedBlockingQueue<>();

        @Override
        public void write(int b) {
            if (b != '\n') {
                line.write(b);
                return;
            }
            whole.add(line.toString(UTF_8));
            line.reset();
        }

        String next() throws InterruptedException {
            return String.valueOf(whole.poll(30, TimeUnit.SECONDS));
        }
    }

    private KeptOutput open(long most) {
        return KeptOutput.open(file, most, failures::add);
    }

    private String printed(OptionalInt tail) throws IOException {
        var to = new ByteArrayOutputStream();
        try (var reader = new OutputReader(file, to)) {
            reader.print(tail);
        }
        return to.toString(UTF_8);
    }

    private static void say(OutputStream to, String text) throws IOException {
        to.write(text.getBytes(UTF_8));
    }
}
