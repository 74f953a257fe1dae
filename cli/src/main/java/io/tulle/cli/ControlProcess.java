package io.tulle.cli;

import io.tulle.cli.api.ApiRefusal;
import io.tulle.cli.api.Mesh;
import io.tulle.cli.code.CliCode;
import io.tulle.control.ControlPlaneSettings;
import io.tulle.dialects.reader.Node;
import io.tulle.dialects.reader.Reader;
import io.tulle.launch.process.Application;
import io.tulle.launch.process.Console;
import io.tulle.launch.process.RunDirectory;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The control plane of a mesh: the one that is running, or one that is started for as long as it is needed. */
final class ControlProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path run;

    private final Optional<Application> own;

    private final Optional<RunDirectory> directory;

    private ControlProcess(Path run, Optional<Application> own, Optional<RunDirectory> directory) {
        this.run = run;
        this.own = own;
        this.directory = directory;
    }

    /** Joins the control plane that answers; starts one where none does. */
    static ControlProcess join(MeshOption mesh, String... options) throws IOException, InterruptedException {
        var run = mesh.folder().run();
        if (answers(run)) return new ControlProcess(run, Optional.empty(), Optional.empty());
        Files.createDirectories(run);
        Files.deleteIfExists(run.resolve("control.json"));
        var words = new ArrayList<>(Launcher.words());
        words.addAll(List.of("control", "--mesh", mesh.name()));
        words.addAll(List.of(options));
        try (var watch = FileSystems.getDefault().newWatchService()) {
            run.register(watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
            var directory = RunDirectory.create(mesh.folder().path().resolve("control"));
            var started = Application.start(
                    new Application.Command(words, Path.of("").toAbsolutePath(), Map.of()),
                    directory,
                    new Console.OutputOnly());
            var process = new ControlProcess(run, Optional.of(started), Optional.of(directory));
            var end = System.nanoTime() + PATIENCE.toNanos();
            while (!answers(run)) {
                if (started.exit().isDone() || System.nanoTime() > end) {
                    process.close();
                    throw new Failures.Failure(
                            Exit.UNREACHABLE,
                            List.of(CliCode.CONTROL_DID_NOT_START.problem(
                                    "the control plane of mesh '" + mesh.name() + "' did not start",
                                    "what it printed above says why")));
                }
                var key = watch.poll(500, TimeUnit.MILLISECONDS);
                if (key != null) key.reset();
            }
            return process;
        }
    }

    /** What a person should know of it. */
    String said() {
        return own.isPresent() ? "; the control plane ends with it" : "";
    }

    /** Where a browser finds its page; empty where it has just ended. */
    Optional<String> dashboard() {
        try {
            var file = run.resolve("control.json");
            var documents =
                    new Reader().json(file.toString(), Files.readAllBytes(file)).documents();
            return documents.stream()
                    .flatMap(document -> document.at("api").stream())
                    .map(api -> api instanceof Node.Text(var _, var at) ? "http://" + at + "/" : "")
                    .filter(at -> !at.isEmpty())
                    .findFirst();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        own.ifPresent(application -> {
            application.stop(Duration.ofSeconds(10));
            application.close();
        });
        directory.ifPresent(RunDirectory::close);
    }

    private static boolean answers(Path run) {
        if (!Files.exists(run.resolve("control.json"))) return false;
        try (var api = new Mesh(run.resolve(ControlPlaneSettings.API_SOCKET))) {
            api.document("/version");
            return true;
        } catch (ApiRefusal e) {
            return !e.isUnreachable();
        }
    }
}
