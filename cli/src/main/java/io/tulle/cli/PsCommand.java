package io.tulle.cli;

import io.tulle.cli.api.Mesh;
import io.tulle.dialects.reader.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists who is running in the mesh, and whether each proxy holds what it should. */
@Command(
        name = "ps",
        aliases = "proxy-status",
        description = "List the instances of the mesh and whether their proxies are in sync.",
        footer = {"", "Example: tulle ps"},
        mixinStandardHelpOptions = true)
final class PsCommand implements Callable<Integer> {
    private static final List<String> FIELDS =
            List.of("instance", "service", "state", "proxy", "ports", "published", "address");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private MeshOption mesh = new MeshOption();

    @Override
    public Integer call() {
        try (var control = mesh.api()) {
            var open = LocalRuns.openOnLoopback(mesh.folder());
            var document = control.document("/mesh/instances");
            var items = Mesh.items(document, "items");
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("INSTANCE", "SERVICE", "STATE", "PROXY", "PORTS", "PUBLISHED", "MESH ADDRESS"));
            for (var item : items) {
                rows.add(FIELDS.stream().map(field -> Mesh.text(item, field)).toList());
            }
            Columns.print(spec.commandLine().getOut(), rows);
            items.stream()
                    .filter(item -> open.contains(Mesh.text(item, "instance")))
                    .forEach(item -> spec.commandLine()
                            .getOut()
                            .println("open on this host's loopback, past the mesh (capture env): "
                                    + Mesh.text(item, "instance") + " " + Mesh.text(item, "ports")));
            for (var each : Mesh.items(document, "leftOut")) {
                if (each instanceof Node.Text(var _, var said)) {
                    spec.commandLine().getOut().println("not in force: " + said);
                }
            }
            return Exit.DONE;
        }
    }
}
