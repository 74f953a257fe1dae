package io.tulle.cli;

import io.tulle.dialects.reader.Node;
import io.tulle.dialects.reader.Yaml;
import io.tulle.model.OneLine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows what an apply would change. Exit code 1 when it would change anything, as diff(1) and kubectl do. */
@Command(
        name = "diff",
        description = "Show what applying a file would change; exit code 1 when something would.",
        footer = {"", "Example: tulle diff -f canary.yaml"},
        mixinStandardHelpOptions = true)
final class DiffCommand implements Callable<Integer> {
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
            var changed = false;
            for (var result : control.apply(resources, List.of(), true).results()) {
                if (result.word().equals("unchanged")) continue;
                changed = true;
                out.println(OneLine.of(result.name() + " would be " + result.word()));
                lines(declared(result.before()), declared(result.after())).forEach(out::println);
            }
            return changed ? Exit.FINDINGS : Exit.DONE;
        }
    }

    /** Without what the server manages, which nobody declared. */
    private static List<String> declared(Node document) {
        if (!(document instanceof Node.Mapping mapping)) return List.of();
        var metadata =
                mapping.get("metadata").orElse(Node.Mapping.EMPTY) instanceof Node.Mapping m ? m : Node.Mapping.EMPTY;
        var shown = mapping.without(List.of("status"))
                .with(
                        "metadata",
                        metadata.without(List.of("uid", "resourceVersion", "generation", "creationTimestamp")));
        return Yaml.write(shown).lines().toList();
    }

    /** The shortest edit by a table of common lines; documents are small. */
    static List<String> lines(List<String> before, List<String> after) {
        var common = new int[before.size() + 1][after.size() + 1];
        for (var i = before.size() - 1; i >= 0; i--) {
            for (var j = after.size() - 1; j >= 0; j--) {
                common[i][j] = before.get(i).equals(after.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        var edits = new ArrayList<String>();
        var i = 0;
        var j = 0;
        while (i < before.size() || j < after.size()) {
            if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
                edits.add("  " + before.get(i++));
                j++;
            } else if (j < after.size() && (i == before.size() || common[i][j + 1] >= common[i + 1][j])) {
                edits.add("+ " + after.get(j++));
            } else {
                edits.add("- " + before.get(i++));
            }
        }
        return edits;
    }
}
