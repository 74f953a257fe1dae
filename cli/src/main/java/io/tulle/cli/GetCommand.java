package io.tulle.cli;

import io.tulle.cli.code.CliCode;
import io.tulle.dialects.Kinds;
import io.tulle.dialects.kind.Kind;
import io.tulle.dialects.reader.Json;
import io.tulle.dialects.reader.Node;
import io.tulle.dialects.reader.Yaml;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists resources, or shows one. */
@Command(
        name = "get",
        description = "List resources of a kind, or show one.",
        footer = {"", "Example: tulle get virtualservices", "         tulle get vs catalog -n shop -o yaml"},
        mixinStandardHelpOptions = true)
final class GetCommand implements Callable<Integer> {
    enum Output {
        TABLE,
        YAML,
        JSON
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private MeshOption mesh = new MeshOption();

    @Parameters(
            index = "0",
            paramLabel = "KIND",
            description = "a kind, as kubectl names it: virtualservices, vs, httproute")
    private String kind = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME")
    private String name = "";

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "",
            description = "only this namespace (default: all for a list, default for one)")
    private String namespace = "";

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "every namespace, which a list without -n shows as well: for hands that know kubectl")
    private boolean everywhere;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "TABLE",
            description = "${COMPLETION-CANDIDATES}")
    private Output output = Output.TABLE;

    @Override
    public Integer call() {
        if (everywhere && !(namespace.isEmpty() && name.isEmpty())) {
            throw new Failures.Failure(
                    Exit.USAGE,
                    List.of(CliCode.NAMESPACE_TWICE.problem(
                            "-A means every namespace, and " + (name.isEmpty() ? "-n" : "a NAME") + " means one",
                            "leave one of the two out")));
        }
        var meant = Kinds.named(kind)
                .orElseThrow(() -> new Failures.Failure(
                        Exit.USAGE,
                        List.of(CliCode.NO_SUCH_KIND.problem(
                                "'" + kind + "' is no kind of resource",
                                "known are: "
                                        + String.join(
                                                ", ",
                                                Kinds.all().stream()
                                                        .map(Kind::plural)
                                                        .toList())))));
        try (var control = mesh.api()) {
            var document = control.document(path(meant));
            switch (output) {
                case YAML -> spec.commandLine().getOut().print(Yaml.write(document));
                case JSON -> spec.commandLine().getOut().println(Json.compact(document));
                case TABLE -> table(document);
            }
            return Exit.DONE;
        }
    }

    private String path(Kind meant) {
        var root = meant.core() ? "/api/" + meant.version() : "/apis/" + meant.group() + "/" + meant.version();
        var within = namespace.isEmpty() && !name.isEmpty() ? "default" : namespace;
        var scope = meant.namespaced() && !within.isEmpty() ? "/namespaces/" + within : "";
        return root + scope + "/" + meant.plural() + (name.isEmpty() ? "" : "/" + name);
    }

    private void table(Node document) {
        var items = document.at("items").orElse(Node.listOf(List.of(document))) instanceof Node.Sequence list
                ? list.items()
                : List.<Node>of();
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("NAMESPACE", "NAME", "CREATED"));
        for (var item : items) {
            rows.add(List.of(text(item, "namespace"), text(item, "name"), text(item, "creationTimestamp")));
        }
        Columns.print(spec.commandLine().getOut(), rows);
    }

    private static String text(Node item, String field) {
        return item.at("metadata", field).orElse(Node.of("")) instanceof Node.Text(var _, var value) ? value : "";
    }
}
