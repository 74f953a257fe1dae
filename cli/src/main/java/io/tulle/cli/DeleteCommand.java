package io.tulle.cli;

import io.tulle.cli.api.Mesh;
import io.tulle.model.OneLine;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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

    @Mixin
    private ResourceOptions meant = new ResourceOptions();

    @Override
    public Integer call() {
        var resources = meant.read();
        var out = spec.commandLine().getOut();
        try (var control = mesh.api()) {
            var applied = control.apply(List.of(), resources, false);
            applied.results().forEach(r -> out.println(OneLine.of(r.name() + " " + r.word())));
            var gone = applied.results().stream().map(Mesh.Result::name).collect(Collectors.toSet());
            resources.stream()
                    .map(resource -> resource.ref().toString())
                    .filter(name -> !gone.contains(name))
                    .forEach(name -> out.println(OneLine.of(name + " is not there")));
            out.println("revision " + applied.revision());
            return Exit.DONE;
        }
    }
}
