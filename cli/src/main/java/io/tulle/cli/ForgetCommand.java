package io.tulle.cli;

import io.tulle.cli.code.CliCode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes what is gone out of the mesh's memory before its time. */
@Command(
        name = "forget",
        description =
                "Withdraw an instance that is not heard any more, or the name of a service that has no instance left.",
        footer = {"", "Example: tulle forget cart-1", "         tulle forget cart"},
        mixinStandardHelpOptions = true)
final class ForgetCommand implements Callable<Integer> {
    @Mixin
    private MeshOption mesh = new MeshOption();

    @Parameters(paramLabel = "NAME", description = "of the instance, as tulle ps shows it, or of the service")
    private String name = "";

    @Override
    public Integer call() {
        if (!name.matches("[a-z0-9.-]{1,253}")) {
            throw new Failures.Failure(
                    Exit.USAGE,
                    List.of(CliCode.NAME_UNFIT.problem(
                            "'" + name + "' is no name of an instance or a service",
                            "tulle ps shows the names of instances")));
        }
        try (var control = mesh.api()) {
            control.delete("/mesh/instances/" + name);
            return Exit.DONE;
        }
    }
}
