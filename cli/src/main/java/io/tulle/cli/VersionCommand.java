package io.tulle.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the version of Tulle and of the Java that runs it. */
@Command(
        name = "version",
        description = "Print the version of Tulle and of its Java.",
        footer = {"", "Example: tulle version"},
        mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer>, IVersionProvider {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        for (var line : getVersion()) spec.commandLine().getOut().println(line);
        return Exit.DONE;
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            "tulle " + version() + " (Java " + Runtime.version().feature() + ")"
        };
    }

    /** As the build wrote it, so that it is the same from a jar and from a folder of classes. */
    static String version() {
        try (var in = VersionCommand.class.getResourceAsStream("version.txt")) {
            if (in == null) throw new IllegalStateException("version.txt is missing from the build");
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
