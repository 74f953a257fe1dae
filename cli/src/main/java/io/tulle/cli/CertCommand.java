package io.tulle.cli;

import io.tulle.agent.run.Remembered;
import io.tulle.agent.run.RemoteLink;
import io.tulle.agent.run.Run;
import io.tulle.agent.run.RunSettings;
import io.tulle.cli.code.CliCode;
import io.tulle.launch.capture.Capture;
import io.tulle.model.ServiceName;
import io.tulle.proxy.identity.Issuer;
import io.tulle.proxy.identity.JoinedIdentity;
import io.tulle.proxy.tls.Identity;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Joins as an instance and writes its leaf, for a proxy that reads files or for looking at a sidecar with other tools. */
@Command(
        name = "cert",
        description = {
            "Join the mesh as an instance and write its certificate: cert-chain.pem, key.pem, root-cert.pem.",
            "It is not renewed; the key is made here and leaves this machine as little as any other."
        },
        footer = {
            "",
            "Example: tulle cert probe --service web --out ./probe && openssl s_client -cert probe/cert-chain.pem …"
        },
        mixinStandardHelpOptions = true)
final class CertCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private MeshOption mesh = new MeshOption();

    @Parameters(index = "0", paramLabel = "NAME", description = "the instance's name in the leaf")
    private String name = "";

    @Option(names = "--service", paramLabel = "S", description = "whose identity (default: NAME)")
    private Optional<String> service = Optional.empty();

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "default",
            description = "(default: ${DEFAULT-VALUE})")
    private String namespace = "default";

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "a folder, made when it is not there")
    private Path out = Path.of("");

    @Override
    public Integer call() throws IOException {
        var host = service.orElse(name);
        if (!ServiceName.isLabel(name) || !ServiceName.isLabel(host) || !ServiceName.isLabel(namespace)) {
            throw new Failures.Failure(
                    Exit.USAGE,
                    List.of(CliCode.NAME_UNFIT.problem(
                            "names of instances, services and namespaces are DNS labels (a-z, 0-9, '-', at most 63 characters)",
                            "tulle cert probe --service web --out ./probe")));
        }
        var identity = join(new ServiceName(namespace, host));
        var folder = new IdentityFolder(out);
        folder.write(identity);
        spec.commandLine()
                .getOut()
                .println(folder.chain() + " is valid until "
                        + identity.leaf().getNotAfter().toInstant());
        return Exit.DONE;
    }

    private Identity join(ServiceName as) {
        var settings = new RunSettings(
                name,
                as,
                as.name(),
                new TreeMap<>(),
                List.of(),
                Map.of(),
                List.of(),
                Path.of(""),
                out,
                Capture.ENV,
                Duration.ZERO,
                Duration.ZERO,
                RunSettings.Reach.USUAL,
                new TreeMap<>());
        var runtime = new Run.Surroundings(VersionCommand.version(), Clock.systemUTC(), new SecureRandom(), _ -> {});
        var renewals = Executors.newSingleThreadScheduledExecutor();
        var link = RemoteLink.open(
                mesh.folder().run(), settings.member(), runtime, new RemoteLink.Joining(false, Remembered.NOTHING));
        try (var joined = JoinedIdentity.join(link.issuer(), runtime.clock(), renewals)) {
            return joined.current().orElseThrow();
        } catch (Issuer.IssueFailed e) {
            throw NotJoined.failure(e, mesh.name());
        } finally {
            renewals.shutdownNow();
            link.close();
        }
    }
}
