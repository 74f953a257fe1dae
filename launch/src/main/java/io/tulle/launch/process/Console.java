package io.tulle.launch.process;

import io.tulle.launch.output.KeptOutput;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;

/** Where an application's streams lead. */
public sealed interface Console {
    /** To the launcher's own. */
    record Inherited() implements Console {}

    /** Output to the launcher's, no input: for a launcher in the background of its terminal. */
    record OutputOnly() implements Console {}

    /** To pipes that the caller reads, as `up` does to put names before lines. */
    record Piped() implements Console {}

    /**
     * A session of its own on this terminal; streams of the launcher that lead elsewhere than to a terminal stay.
     *
     * @param device such as {@code /dev/pts/7}
     */
    record Terminal(Path device) implements Console {}

    /**
     * As another says, and through this process, which hands each byte on as it comes and keeps a copy.
     *
     * @param output whether standard output is copied: not where the other leads it to a terminal, whose lender sees it
     * @param errors likewise
     * @param together both are one file, so that their order is kept
     */
    record Copied(Console to, boolean output, boolean errors, boolean together, KeptOutput kept) implements Console {
        private CompletableFuture<Void> carry(InputStream from, FileDescriptor on) {
            var done = new CompletableFuture<Void>();
            Thread.ofPlatform().daemon().name("output").start(() -> {
                try (from;
                        var copy = kept.source()) {
                    var hands = new FileOutputStream(on); // not closed: it is this process's own
                    var bytes = new byte[8192];
                    for (var count = from.read(bytes); count >= 0; count = from.read(bytes)) {
                        copy.write(bytes, 0, count);
                        hand(bytes, count, hands);
                    }
                } catch (IOException _) {
                    // it was closed under us: what was said before is all there is
                } finally {
                    done.complete(null);
                }
            });
            return done;
        }

        private static void hand(byte[] bytes, int count, OutputStream on) {
            try {
                on.write(bytes, 0, count);
            } catch (IOException _) {
                // whoever read this process's output has gone: the application stays, and its copy is kept
            }
        }
    }

    /** Prepares a process. */
    default void applyTo(ProcessBuilder builder) {
        switch (this) {
            case Inherited() -> builder.inheritIO();
            case OutputOnly(), Terminal(var _) ->
                builder.inheritIO()
                        .redirectInput(Redirect.from(Path.of("/dev/null").toFile()));
            case Piped() -> builder.redirectErrorStream(true);
            case Copied(var to, var output, var errors, var together, var _) -> {
                to.applyTo(builder);
                if (output) builder.redirectOutput(Redirect.PIPE);
                if (together) builder.redirectErrorStream(true);
                else if (errors) builder.redirectError(Redirect.PIPE);
            }
        }
    }

    /** What the guardian is told: the device, or nothing. */
    default String terminal() {
        return switch (this) {
            case Terminal(var device) -> device.toString();
            case Copied copied -> copied.to().terminal();
            case Inherited(), OutputOnly(), Piped() -> "";
        };
    }

    /** What the guardian is told: the file that gets what is printed once nobody else takes it, or nothing. */
    default String keptIn() {
        return this instanceof Copied copied ? copied.kept().file().toString() : "";
    }

    /** Carries what the process prints; done when it has printed all, at once where nothing is to be carried. */
    default CompletableFuture<Void> follow(Process process) {
        if (!(this instanceof Copied copied)) return CompletableFuture.completedFuture(null);
        var ends = new ArrayList<CompletableFuture<Void>>();
        if (copied.output()) ends.add(copied.carry(process.getInputStream(), FileDescriptor.out));
        if (copied.errors() && !copied.together()) ends.add(copied.carry(process.getErrorStream(), FileDescriptor.err));
        return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
    }
}
