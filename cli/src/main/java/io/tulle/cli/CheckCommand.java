package io.tulle.cli;

import io.tulle.cli.api.Mesh;
import io.tulle.cli.code.CliCode;
import io.tulle.model.Problem;
import io.tulle.model.world.MeshSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks for what is wrong, or soon will be, with a mesh and this host; or with files, without any mesh. */
@Command(
        name = "check",
        description = "Say what is wrong, or soon will be, with the mesh and this host; exit code 1 when something is.",
        footer = {"", "Example: tulle check", "         tulle check -f mesh.yaml"},
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
    /** Tools without which no application is started. */
    private static final List<String> NEEDED = List.of("bash", "mkfifo", "kill", "setsid");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private MeshOption mesh = new MeshOption();

    @Option(
            names = "-f",
            paramLabel = "FILE",
            description = "check files alone, as if they were all there is: a file, a folder, or -; any number")
    private List<String> files = List.of();

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "default",
            description = "for resources that name none (default: ${DEFAULT-VALUE})")
    private String namespace = "default";

    @Override
    public Integer call() {
        var found = files.isEmpty() ? ofMesh() : ResourceFiles.problems(files, namespace, settings());
        var out = spec.commandLine().getOut();
        found.forEach(problem -> out.println(problem.explained()));
        out.println(found.isEmpty() ? "nothing found" : found.size() + " found; tulle help CODE explains each");
        return found.isEmpty() ? Exit.DONE : Exit.FINDINGS;
    }

    private MeshSettings settings() {
        return RootNamespace.kept(mesh.folder())
                .map(MeshSettings.DEFAULT::withRoot)
                .orElse(MeshSettings.DEFAULT);
    }

    private List<Problem> ofMesh() {
        var found = new ArrayList<>(ofHost());
        try (var control = mesh.api()) {
            var version = Mesh.text(control.document("/version"), "gitVersion");
            if (!version.contains(VersionCommand.version())) {
                found.add(CliCode.TWO_VERSIONS.warning(
                        "this is Tulle " + VersionCommand.version() + ", the control plane " + version,
                        "use one version; start the control plane again"));
            }
            for (var item : control.items("/mesh/findings")) {
                found.add(Problem.warning(Mesh.text(item, "code"), Mesh.text(item, "message"), Mesh.text(item, "fix")));
            }
            var open = LocalRuns.openOnLoopback(mesh.folder());
            for (var item : control.items("/mesh/instances")) {
                if (!open.contains(Mesh.text(item, "instance"))) continue;
                found.add(CliCode.OPEN_PAST_THE_MESH.warning(
                        Mesh.text(item, "instance") + " is caught by its environment: its ports "
                                + Mesh.text(item, "ports") + " stay open on loopback, past every policy",
                        "run it with --capture netns (or hook, if it is Node), or let nobody else use this host"));
            }
        }
        return found;
    }

    private static List<Problem> ofHost() {
        return NEEDED.stream()
                .filter(tool -> !isThere(tool))
                .map(tool -> CliCode.TOOL_MISSING.problem(
                        "'" + tool + "' is not on the PATH; tulle run starts no application without it",
                        "install bash, coreutils and util-linux"))
                .toList();
    }

    private static boolean isThere(String tool) {
        return List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    }
}
