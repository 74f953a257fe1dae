package io.tulle.cli;

import java.util.Optional;
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

    static String version() {
        return Optional.ofNullable(Tulle.class.getPackage().getImplementationVersion())
                .orElse("unpackaged");
    }
}
