package io.tulle.cli;

import io.tulle.dialects.resource.Resource;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which resources are meant, for every verb that takes them from files. */
final class ResourceOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "-f",
            required = true,
            paramLabel = "FILE",
            description = "a file, a folder, or - for standard input; any number")
    private List<String> files = List.of();

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "default",
            description = "for resources that name none (default: ${DEFAULT-VALUE})")
    private String namespace = "default";

    /** @throws Failures.Failure when a file cannot be read or a document has an error */
    List<Resource> read() {
        var err = spec.commandLine().getErr();
        return ResourceFiles.read(files, namespace, problem -> err.println(problem.explained()));
    }
}
