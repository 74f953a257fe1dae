package io.tulle.cli;

import io.tulle.launch.output.KeptOutput;
import io.tulle.launch.process.RunDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What a run prints, where it always went and kept beside that: from now on the sidecar's lines and this verb's own are kept,
 * and the file is there for what the application prints. It stays open to the end of this process, whose last line may be a
 * refusal.
 */
record RunOutput(Optional<KeptOutput> file) {
    /** Nothing is kept where a run of the name is alive, since the file is that one's, and where no file can be written. */
    static RunOutput of(Path run, Path file, CommandSpec spec) {
        var err = System.err;
        if (RunDirectory.holder(run).isPresent()) return new RunOutput(Optional.empty());
        try {
            var kept = KeptOutput.open(
                    file, KeptOutput.MOST, why -> Said.to(new PrintWriter(err, true, StandardCharsets.UTF_8), why));
            var both = new PrintStream(new Both(err, kept.source()), true, StandardCharsets.UTF_8);
            System.setErr(both); // the log's lines go there
            spec.root().commandLine().setErr(new PrintWriter(both, true, StandardCharsets.UTF_8));
            return new RunOutput(Optional.of(kept));
        } catch (UncheckedIOException e) {
            Said.to(spec.commandLine().getErr(), file + " cannot be written, and nothing is kept: " + e.getMessage());
            return new RunOutput(Optional.empty());
        }
    }

    /** For what comes by a terminal. */
    OutputStream source() {
        return file.map(KeptOutput::source).orElseGet(OutputStream::nullOutputStream);
    }

    private static final class Both extends OutputStream {
        private final OutputStream first;
        private final OutputStream second;

        Both(OutputStream first, OutputStream second) {
            this.first = first;
            this.second = second;
        }

        @Override
        public void write(int b) throws IOException {
            first.write(b);
            second.write(b);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            first.write(bytes, from, count);
            second.write(bytes, from, count);
        }

        @Override
        public void flush() throws IOException {
            first.flush();
            second.flush();
        }
    }
}
