package io.tulle.cli;

import io.tulle.cli.api.Mesh;
import io.tulle.dialects.reader.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tokens by which instances on other hosts join. */
@Command(
        name = "token",
        description = "Make, list and withdraw the tokens by which instances on other hosts join.",
        footer = {"", "Example: tulle token create payment -n shop --uses 2 --life 3600 > token"},
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "create|list|withdraw")
final class TokenCommand {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "create",
            description = "Print a new token; it exists nowhere else.",
            footer = {
                "",
                "Example: tulle token create payment -n shop > token",
                "         tulle token create payment --service payment --service ledger --label version=v2 > token"
            },
            mixinStandardHelpOptions = true)
    int create(
            @Parameters(paramLabel = "NAME", description = "the service that may join with it") String name,
            @Option(
                            names = {"-n", "--namespace"},
                            defaultValue = "default",
                            description = "(default: ${DEFAULT-VALUE})")
                    String namespace,
            @Option(names = "--account", description = "the last part of the identity (default: NAME)")
                    Optional<String> account,
            @Option(
                            names = "--service",
                            paramLabel = "S",
                            description = "in place of NAME, a service that they may serve; any number")
                    List<String> services,
            @Option(
                            names = "--label",
                            paramLabel = "K=V",
                            description = "a label by which a Service may choose them; any number (app is the service)")
                    Map<String, String> labels,
            @Option(
                            names = "--uses",
                            paramLabel = "N",
                            defaultValue = "1",
                            description = "how many may join (default: ${DEFAULT-VALUE})")
                    int uses,
            @Option(
                            names = "--life",
                            paramLabel = "SECONDS",
                            defaultValue = "3600",
                            description = "how long it can be used (default: ${DEFAULT-VALUE})")
                    long life,
            @Mixin MeshOption where) {
        var named = services == null ? List.of(name) : services; // picocli leaves out what nobody gave
        var asked = new LinkedHashMap<String, Node>();
        asked.put("namespace", Node.of(namespace));
        asked.put("account", Node.of(account.orElse(name)));
        asked.put("services", Node.listOf(named.stream().map(Node::of).toList()));
        asked.put("labels", Node.mapOfTexts(labels == null ? Map.of() : labels));
        asked.put("uses", Node.of(uses));
        asked.put("life", Node.of(life));
        try (var control = where.api()) {
            var made = control.post("/mesh/tokens", Node.mapOf(asked));
            spec.commandLine().getOut().println(Mesh.text(made, "token"));
            spec.commandLine()
                    .getErr()
                    .println("tulle: it lets " + times(uses) + " join as " + account.orElse(name) + " of " + namespace
                            + " and serve " + String.join(", ", named) + ", within "
                            + Duration.ofSeconds(life).toMinutes() + " min; keep it secret");
            return Exit.DONE;
        }
    }

    private static String times(int uses) {
        return uses == 1 ? "one instance" : uses + " instances";
    }

    @Command(
            name = "list",
            description = "List the tokens that are kept, without their secrets.",
            footer = {"", "Example: tulle token list"},
            mixinStandardHelpOptions = true)
    int list(@Mixin MeshOption where) {
        try (var control = where.api()) {
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("ID", "NAMESPACE", "ACCOUNT", "MAY SAY", "USES LEFT", "EXPIRES"));
            for (var item : control.items("/mesh/tokens")) {
                rows.add(List.of("id", "namespace", "account", "claims", "uses", "expires").stream()
                        .map(field -> Mesh.text(item, field))
                        .toList());
            }
            Columns.print(spec.commandLine().getOut(), rows);
            return Exit.DONE;
        }
    }

    @Command(
            name = "withdraw",
            description = "Make a token useless at once; who has joined with it stays.",
            footer = {"", "Example: tulle token withdraw 7f3a9c01d2e4b6587f3a9c01d2e4b658"},
            mixinStandardHelpOptions = true)
    int withdraw(@Parameters(paramLabel = "ID", description = "as list shows it") String id, @Mixin MeshOption where) {
        try (var control = where.api()) {
            control.delete("/mesh/tokens/" + id);
            return Exit.DONE;
        }
    }
}
