package io.tulle.cli;

import io.tulle.launch.up.Down;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Ends what {@code tulle up} started in another shell. */
@Command(
        name = "down",
        description = "End what tulle up started in another shell.",
        footer = {"", "Example: tulle down shop"},
        mixinStandardHelpOptions = true)
final class DownCommand implements Callable<Integer> {
    @Mixin
    private MeshOption mesh = new MeshOption();

    @Parameters(index = "0", paramLabel = "PROJECT", description = "the project, as up named it")
    private String project = "";

    @Mixin
    private EndOption end = new EndOption();

    @Override
    public Integer call() {
        return switch (Down.of(mesh.folder().path().resolve(project), end.patience())) {
            case Down.Stopped _ -> Exit.DONE;
            case Down.Refused(var problem) -> throw new Failures.Failure(Exit.FINDINGS, List.of(problem));
        };
    }
}
