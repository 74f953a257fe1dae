package io.tulle.cli;

import io.tulle.cli.code.CliCode;
import io.tulle.launch.output.OutputReader;
import io.tulle.launch.process.RunDirectory;
import io.tulle.model.ServiceName;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a run of this host has printed, while it runs and after its end. */
@Command(
        name = "logs",
        description = {
            "Show what a run of this host has printed: its application's output and errors, and its sidecar's lines.",
            "A run prints where it was started, too; this is a copy, of the last 5 to 10 MiB, in ~/.tulle/MESH/logs."
        },
        footer = {"", "Example: tulle logs cart-1 --tail 20 -f"},
        mixinStandardHelpOptions = true)
final class LogsCommand implements Callable<Integer> {
    @Mixin
    private MeshOption mesh = new MeshOption();

    @Parameters(paramLabel = "NAME", description = "of the instance, as tulle ps shows it")
    private String name = "";

    @Option(
            names = {"-f", "--follow"},
            description = "go on until the run ends")
    private boolean follow;

    @Option(names = "--tail", paramLabel = "N", description = "only the last N lines (default: all that is kept)")
    private Optional<Integer> tail = Optional.empty();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!ServiceName.isLabel(name)) throw nothing();
        var file = mesh.folder().output(name);
        var folders = LocalRuns.of(name, mesh.folder());
        if (!OutputReader.isThere(file)) throw nothing();
        OutputStream out = System.out; // the reader writes to it, and leaves it open
        try (var reader = new OutputReader(file, out)) {
            reader.print(tail.map(OptionalInt::of).orElseGet(OptionalInt::empty));
            if (follow) reader.follow(() -> folders.stream().anyMatch(LogsCommand::isHeld));
        }
        return Exit.DONE;
    }

    private static boolean isHeld(Path folder) {
        return RunDirectory.holder(folder).isPresent();
    }

    private Failures.Failure nothing() {
        return new Failures.Failure(
                Exit.FINDINGS,
                List.of(CliCode.NOTHING_PRINTED.problem(
                        "no run named '" + name + "' has printed anything on this host",
                        "tulle ps shows the instances' names; an instance on another host is asked there, one of another"
                                + " mesh with --mesh")));
    }
}
