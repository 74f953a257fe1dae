package io.tulle.cli;

import io.tulle.cli.code.CliCode;
import io.tulle.model.ServiceName;
import io.tulle.model.world.MeshSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The namespace whose policies hold for the whole mesh. Said once, it stays with the mesh, in its folder of state. */
final class RootNamespace {
    @Option(
            names = "--root-namespace",
            paramLabel = "NAME",
            description = "policies in this namespace hold for the whole mesh (default: what the mesh was last given,"
                    + " else tulle-system)")
    private Optional<String> asked = Optional.empty();

    /** What is asked for now; empty where nothing is. */
    Optional<String> asked() {
        asked.filter(name -> !ServiceName.isLabel(name)).ifPresent(name -> {
            throw failure(
                    CliCode.NAME_UNFIT,
                    "--root-namespace takes the name of a namespace, not '" + name + "'",
                    "for example --root-namespace istio-system");
        });
        return asked;
    }

    /** The settings with what is asked for, else with what the mesh was given before. */
    MeshSettings in(MeshSettings settings, MeshFolder folder) {
        return asked().or(() -> kept(folder)).map(settings::withRoot).orElse(settings);
    }

    /** Keeps what is asked for; to be called when the folder of state is there. */
    void keep(MeshFolder folder) throws IOException {
        if (asked().isPresent()) Files.writeString(file(folder), asked.get() + "\n", StandardCharsets.UTF_8);
    }

    /** A control plane that runs already keeps what it has: whoever asks for something else must know. */
    void requireInForce(MeshFolder folder) {
        if (asked().isEmpty() || asked().equals(kept(folder))) return;
        throw failure(
                CliCode.OTHER_ROOT_NAMESPACE,
                "the control plane that is running has another root namespace: "
                        + kept(folder).orElse(MeshSettings.DEFAULT.rootNamespace()),
                "end it, and start it with tulle control --root-namespace " + asked.get());
    }

    /** What the mesh was given before. */
    static Optional<String> kept(MeshFolder folder) {
        var file = file(folder);
        if (!Files.exists(file)) return Optional.empty();
        try {
            var name = Files.readString(file).strip();
            if (ServiceName.isLabel(name)) return Optional.of(name);
        } catch (IOException _) {
            // told below
        }
        throw failure(
                CliCode.ROOT_NAMESPACE_UNREADABLE,
                "the root namespace cannot be read from " + file,
                "write a namespace into it, or delete it");
    }

    private static Path file(MeshFolder folder) {
        return folder.state().resolve("root-namespace");
    }

    private static Failures.Failure failure(CliCode code, String message, String fix) {
        return new Failures.Failure(Exit.FINDINGS, List.of(code.problem(message, fix)));
    }
}
