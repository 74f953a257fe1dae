package io.tulle.cli;

import io.tulle.cli.api.Mesh;
import io.tulle.control.ControlPlaneSettings;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Takes resources out of force, all of them as one revision. */
@Command(
        name = "delete",
        description = "Take the resources of a file out of force.",
        footer = {"", "Example: tulle delete -f canary.yaml"},
        mixinStandardHelpOptions = true)
final class DeleteCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private MeshOption mesh = new MeshOption();

    @Option(
            names = "-f",
            required = true,
            paramLabel = "FILE",
            description = "a file, a folder, or - for standard input")
    private List<String> files = List.of();

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "default",
            description = "for resources that name none (default: ${DEFAULT-VALUE})")
    private String namespace = "default";

    @Override
    public Integer call() {
        var resources = ResourceFiles.read(files, namespace);
        var out = spec.commandLine().getOut();
        try (var control = new Mesh(mesh.folder().run().resolve(ControlPlaneSettings.API_SOCKET))) {
            var applied = control.apply(List.of(), resources, false);
            applied.results().forEach(r -> out.println(r.name() + " " + r.word()));
            out.println("revision " + applied.revision());
            return Exit.DONE;
        }
    }
}
