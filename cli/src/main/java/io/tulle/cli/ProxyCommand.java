package io.tulle.cli;

import io.tulle.agent.alone.AloneProxy;
import io.tulle.agent.alone.FileWatch;
import io.tulle.agent.alone.ProxySettings;
import io.tulle.cli.code.CliCode;
import io.tulle.dialects.WorldReader;
import io.tulle.launch.process.Signals;
import io.tulle.model.Problem;
import io.tulle.model.world.MeshSettings;
import io.tulle.proxy.identity.FileIdentity;
import io.tulle.proxy.tls.Identity;
import io.tulle.proxy.tls.IdentitySource;
import io.tulle.xds.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a proxy by itself: configuration and identity from files, no control plane. */
@Command(
        name = "proxy",
        description = "Run a proxy from files alone, without a control plane; it follows changes of them.",
        footer = {
            "",
            "Example: tulle proxy --config mesh.yaml --listen 8080=catalog:3000 --identity certs/web --service web",
            "         tulle proxy --config mesh.yaml --inbound 0.0.0.0:15006 --service catalog --expose 3000/http"
                    + " --identity certs/catalog"
        },
        mixinStandardHelpOptions = true)
final class ProxyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "resources, of the kinds that tulle apply takes: a file or a folder; any number")
    private List<String> files = List.of();

    @Mixin
    private ProxyOptions options = new ProxyOptions();

    @Option(
            names = "--root-namespace",
            paramLabel = "NAME",
            description = "policies in this namespace hold for every namespace (default: tulle-system)")
    private Optional<String> root = Optional.empty();

    @Option(
            names = "--identity",
            paramLabel = "DIR",
            description =
                    "a folder with cert-chain.pem, key.pem and root-cert.pem; without one no mutual TLS is spoken")
    private Optional<Path> identityFolder = Optional.empty();

    @Option(
            names = "--admin",
            paramLabel = "PORT",
            defaultValue = "15000",
            description = "of the admin pages on loopback; 0 takes a free one (default: ${DEFAULT-VALUE})")
    private int admin = 15_000;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "event loops (default: one a processor)")
    private int threads;

    @Override
    public Integer call() throws Exception {
        var settings = options.settings();
        var identity = identity();
        var loops = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
        try (var proxy = start(settings, identity.<IdentitySource>map(i -> i).orElse(IdentitySource.NONE), loops)) {
            var problems = load(proxy, settings, identity);
            if (!problems.isEmpty()) throw new Failures.Failure(Exit.FINDINGS, problems);
            try (var _ = FileWatch.start(watched(), () -> again(proxy, settings, identity))) {
                ready(proxy, settings);
                var ended = new CountDownLatch(1);
                Signals.take(ended::countDown);
                ended.await();
                proxy.drain();
                return Exit.DONE;
            }
        }
    }

    private AloneProxy start(ProxySettings settings, IdentitySource identity, int loops) {
        try {
            return AloneProxy.start(settings, identity, admin, loops);
        } catch (IOException e) {
            throw failure(CliCode.PROXY_CANNOT_START, "the proxy cannot start: " + e.getMessage(), "choose free ports");
        }
    }

    private void ready(AloneProxy proxy, ProxySettings settings) {
        for (var door : settings.doors()) {
            proxy.doorAt(door).ifPresent(at -> say("http:/" + at + " leads to " + door.host() + ":" + door.port()));
        }
        proxy.inboundAt().ifPresent(at -> say("peers of " + settings.self() + " come in at " + at));
        say("ready, admin at http://127.0.0.1:" + proxy.adminAt().getPort());
    }

    /** Whatever is wrong now, what was good stays in force. */
    private void again(AloneProxy proxy, ProxySettings settings, Optional<FileIdentity> identity) {
        try {
            if (identity.isPresent()) identity.get().reload();
            var problems = load(proxy, settings, identity);
            problems.forEach(problem -> say(problem.explained()));
            say(problems.isEmpty() ? "read again" : "the last good configuration stays in force");
        } catch (IOException | IllegalArgumentException | Failures.Failure e) {
            if (e instanceof Failures.Failure failure) failure.problems().forEach(p -> say(p.explained()));
            else say(CliCode.IDENTITY_UNREADABLE.code() + " the identity cannot be read: " + e.getMessage());
            say("the last good configuration stays in force");
        }
    }

    private List<Problem> load(AloneProxy proxy, ProxySettings settings, Optional<FileIdentity> identity)
            throws IOException {
        var resources = ResourceFiles.read(files, options.namespace(), problem -> say(problem.explained()));
        var domain = identity.flatMap(FileIdentity::current)
                .map(Identity::leaf)
                .flatMap(Certificates::identity)
                .map(id -> id.trustDomain())
                .orElse(MeshSettings.DEFAULT.trustDomain());
        var mesh = new MeshSettings(domain, root, false);
        var roots = identityFolder.isPresent()
                ? List.of(Files.readString(new IdentityFolder(identityFolder.get()).roots()))
                : List.<String>of();
        var reading = WorldReader.read(0, mesh, resources);
        if (!reading.isClean())
            return reading.problems().stream().filter(Problem::isError).toList();
        return switch (new FileMesh(settings).compile(reading.world(), resources, roots)) {
            case FileMesh.Compiled.Bad(var problems) -> problems;
            case FileMesh.Compiled.Good(var snapshot) -> proxy.load(snapshot);
        };
    }

    private Optional<FileIdentity> identity() {
        return identityFolder.map(folder -> {
            try {
                return new IdentityFolder(folder).read();
            } catch (IOException | IllegalArgumentException e) {
                throw failure(
                        CliCode.IDENTITY_UNREADABLE,
                        "the identity in " + folder + " cannot be read: " + e.getMessage(),
                        "put cert-chain.pem (leaf first), key.pem and root-cert.pem there");
            }
        });
    }

    private List<Path> watched() {
        var all = new ArrayList<>(files.stream().map(Path::of).toList());
        identityFolder.ifPresent(all::add);
        return all;
    }

    private static Failures.Failure failure(CliCode code, String message, String fix) {
        return new Failures.Failure(Exit.FINDINGS, List.of(code.problem(message, fix)));
    }

    private void say(String line) {
        Said.to(spec.commandLine().getErr(), line);
    }
}
