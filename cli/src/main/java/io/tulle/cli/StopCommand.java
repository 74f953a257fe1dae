package io.tulle.cli;

import io.tulle.cli.code.CliCode;
import io.tulle.launch.process.RunDirectory;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Ends one run of this host from another shell, as Ctrl-C would in its own. */
@Command(
        name = "stop",
        description = "End a run of this host: it drains, and its application has its grace.",
        footer = {"", "Example: tulle stop cart-1"},
        mixinStandardHelpOptions = true)
final class StopCommand implements Callable<Integer> {
    @Mixin
    private MeshOption mesh = new MeshOption();

    @Parameters(paramLabel = "NAME", description = "of the instance, as tulle ps shows it")
    private String name = "";

    @Mixin
    private EndOption end = new EndOption();

    @Override
    public Integer call() throws InterruptedException {
        var held = LocalRuns.of(name, mesh.folder()).stream()
                .flatMap(folder -> RunDirectory.holder(folder).stream())
                .distinct()
                .toList();
        if (held.isEmpty()) {
            throw failure(
                    CliCode.NO_SUCH_RUN,
                    "no run named '" + name + "' is on this host",
                    "tulle ps shows who runs in the mesh; a run that was started with --run-dir, or on another host, is ended there");
        }
        for (var holder : held) {
            if (!Replacing.ended(holder, end.patience())) {
                throw failure(
                        CliCode.NOT_ENDED,
                        name + " (process " + holder.pid() + ") has not ended within "
                                + end.patience().toSeconds() + " s",
                        "give it more time with --timeout, or look at what it is doing");
            }
        }
        return Exit.DONE;
    }

    private static Failures.Failure failure(CliCode code, String message, String fix) {
        return new Failures.Failure(Exit.FINDINGS, List.of(code.problem(message, fix)));
    }
}
