package io.tulle.cli;

import io.tulle.cli.code.CliCode;
import io.tulle.control.ControlPlane;
import io.tulle.control.ControlPlaneSettings;
import io.tulle.control.identity.IdentityException;
import io.tulle.control.store.StoreException;
import io.tulle.model.world.MeshSettings;
import io.tulle.xds.RootCause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a mesh's control plane until it is told to end. */
@Command(
        name = "control",
        description = "Run the control plane of a mesh.",
        footer = {"", "Example: tulle control --mesh shop"},
        mixinStandardHelpOptions = true)
final class ControlCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private MeshOption mesh = new MeshOption();

    @Option(
            names = "--api",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1:15080",
            description = "where the API listens; port 0 takes a free one (default: ${DEFAULT-VALUE})")
    private String api = "";

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1:15012",
            description = "where sidecars connect, over mutual TLS (default: ${DEFAULT-VALUE})")
    private String listen = "";

    @Option(
            names = "--leaf-life",
            paramLabel = "SECONDS",
            defaultValue = "86400",
            description = "how long a certificate lives (default: ${DEFAULT-VALUE})")
    private long leafLife = 86_400;

    @Option(names = "--reveal-policies", description = "tell denied callers which policy denied them")
    private boolean reveal;

    @Mixin
    private RootNamespace root = new RootNamespace();

    @Override
    public Integer call() throws InterruptedException {
        var folder = mesh.folder();
        var settings = new ControlPlaneSettings(
                mesh.name(),
                folder.state(),
                folder.run(),
                root.in(new MeshSettings("tulle", Optional.empty(), reveal), folder),
                address(api, "--api"),
                address(listen, "--listen"),
                Duration.ofSeconds(leafLife),
                VersionCommand.version());
        try (var control = ControlPlane.start(settings, Clock.systemUTC(), new SecureRandom())) {
            root.keep(folder);
            // Where a mesh on free ports is found; written last, so that whoever reads it finds open doors.
            Files.writeString(
                    folder.run().resolve("control.json"),
                    "{\"api\":\"" + written(control.apiAddress()) + "\",\"xds\":\"" + written(control.xdsAddress())
                            + "\",\"pid\":" + ProcessHandle.current().pid() + "}\n",
                    StandardCharsets.UTF_8);
            var out = spec.commandLine().getOut();
            out.println("control plane of mesh '" + mesh.name() + "' is ready");
            out.println("  dashboard http://" + written(control.apiAddress()) + "/ (the API is there too)");
            out.println("  sidecars  " + written(control.xdsAddress()) + " (mutual TLS)");
            out.flush();
            var ended = new CountDownLatch(1);
            var closed = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                ended.countDown();
                await(closed);
            }));
            ended.await();
            control.close();
            Files.deleteIfExists(folder.run().resolve("control.json"));
            closed.countDown();
            return Exit.DONE;
        } catch (IdentityException e) {
            throw new Failures.Failure(Exit.FINDINGS, List.of(e.problem()));
        } catch (StoreException e) {
            throw new Failures.Failure(
                    Exit.FINDINGS,
                    List.of(CliCode.STORE_UNUSABLE.problem(
                            String.valueOf(e.getMessage()), "tulle help explains the store's codes")));
        } catch (IOException | UncheckedIOException | java.util.concurrent.CompletionException e) {
            throw new Failures.Failure(
                    Exit.FINDINGS,
                    List.of(
                            CliCode.CONTROL_CANNOT_START.problem(
                                    "the control plane cannot start: " + rootMessage(e),
                                    "is another one running for this mesh? choose other ports with --api and --listen, or another --mesh")));
        }
    }

    private static String rootMessage(Throwable e) {
        // What says where it cannot listen is worth more than what the system said below it.
        return e instanceof IOException ? String.valueOf(e.getMessage()) : RootCause.of(e);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    static InetSocketAddress address(String text, String option) {
        var colon = text.lastIndexOf(':');
        try {
            if (colon > 0) {
                return new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
            }
        } catch (IllegalArgumentException _) {
            // told below, in words of the option
        }
        throw new Failures.Failure(
                Exit.USAGE,
                List.of(CliCode.NO_ADDRESS.problem(
                        option + " takes ADDRESS:PORT, not '" + text + "'", "for example 127.0.0.1:15080")));
    }

    private static String written(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
