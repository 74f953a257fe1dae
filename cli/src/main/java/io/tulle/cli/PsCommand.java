package io.tulle.cli;

import io.tulle.cli.api.Mesh;
import io.tulle.dialects.reader.Json;
import io.tulle.dialects.reader.Node;
import io.tulle.model.OneLine;
import io.tulle.model.ServiceName;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "",
            description = "only this namespace (default: all)")
    private String namespace = "";

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "every namespace, which is the default: for hands that know kubectl")
    private boolean everywhere;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "TABLE",
            description = "${COMPLETION-CANDIDATES}")
    private Output output = Output.TABLE;

    enum Output {
        TABLE,
        JSON
    }

    @Override
    public Integer call() {
        try (var control = mesh.api()) {
            var open = LocalRuns.openOnLoopback(mesh.folder());
            var document = control.document("/mesh/instances");
            var items =
                    Mesh.items(document, "items").stream().filter(this::isMeant).toList();
            if (output == Output.JSON) {
                var shown = document instanceof Node.Mapping all ? all.with("items", Node.listOf(items)) : document;
                spec.commandLine().getOut().println(Json.compact(shown));
                return Exit.DONE;
            }
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
                                    + OneLine.of(Mesh.text(item, "instance") + " " + Mesh.text(item, "ports"))));
            for (var each : Mesh.items(document, "leftOut")) {
                if (each instanceof Node.Text(var _, var said)) {
                    spec.commandLine().getOut().println("not in force: " + OneLine.of(said));
                }
            }
            return Exit.DONE;
        }
    }

    /** A service's host is {@code cart.shop.tulle}: its second part is the namespace. */
    private boolean isMeant(Node item) {
        if (everywhere || namespace.isEmpty()) return true;
        return ServiceName.parse(Mesh.text(item, "service"), "")
                .filter(service -> service.namespace().equals(namespace))
                .isPresent();
    }
}
