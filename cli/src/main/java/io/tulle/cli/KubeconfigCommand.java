package io.tulle.cli;

import io.tulle.cli.api.Mesh;
import io.tulle.cli.code.CliCode;
import io.tulle.control.ControlPlaneSettings;
import io.tulle.dialects.reader.Reader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes what kubectl needs to speak to the control plane: TLS by the mesh's root, and the bearer token; mode 0600. */
@Command(
        name = "kubeconfig",
        description = "Write a kubeconfig file (mode 0600) with which kubectl speaks to the control plane.",
        footer = {"", "Example: export KUBECONFIG=$(tulle kubeconfig) ; kubectl get virtualservices -A"},
        mixinStandardHelpOptions = true)
final class KubeconfigCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private MeshOption mesh = new MeshOption();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "where to write it (default: ~/.tulle/MESH/kubeconfig)")
    private Optional<Path> output = Optional.empty();

    @Override
    public Integer call() throws IOException {
        var folder = mesh.folder();
        try (var control = new Mesh(folder.run().resolve(ControlPlaneSettings.API_SOCKET))) {
            var roots = Mesh.text(control.document("/mesh/trust"), "roots").getBytes(StandardCharsets.US_ASCII);
            var file = output.orElse(folder.path().resolve("kubeconfig"));
            Secrets.write(
                    file,
                    config(
                            "tulle-" + mesh.name(),
                            address(folder.run().resolve("control.json")),
                            Base64.getEncoder().encodeToString(roots),
                            token(folder.state().resolve("api-token"))));
            spec.commandLine().getOut().println(file);
            return Exit.DONE;
        }
    }

    private static String config(String name, String address, String roots, String token) {
        return """
                apiVersion: v1
                kind: Config
                clusters:
                - name: "%1$s"
                  cluster:
                    server: "https://%2$s"
                    tls-server-name: control
                    certificate-authority-data: %3$s
                users:
                - name: "%1$s"
                  user: {token: "%4$s"}
                contexts:
                - name: "%1$s"
                  context: {cluster: "%1$s", user: "%1$s"}
                current-context: "%1$s"
                """.formatted(name, address, roots, token);
    }

    /** A control plane that listens everywhere is reached here by loopback. */
    private static String address(Path file) throws IOException {
        var read = new Reader().json(file.toString(), Files.readAllBytes(file)).documents();
        return Mesh.text(read.getFirst(), "api").replaceFirst("^0\\.0\\.0\\.0:", "127.0.0.1:");
    }

    private static String token(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException _) {
            throw new Failures.Failure(
                    Exit.FINDINGS,
                    List.of(CliCode.TOKEN_OUT_OF_REACH.problem(
                            "the control plane's token cannot be read from " + file,
                            "run this as the user who runs the control plane")));
        }
    }
}
