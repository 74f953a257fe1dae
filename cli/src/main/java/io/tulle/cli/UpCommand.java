package io.tulle.cli;

import io.tulle.cli.api.ApiRefusal;
import io.tulle.dialects.ResourceReader;
import io.tulle.dialects.compose.ComposeReader;
import io.tulle.dialects.compose.Profiles;
import io.tulle.dialects.reader.Reader;
import io.tulle.dialects.reader.Yaml;
import io.tulle.launch.capture.Capture;
import io.tulle.launch.health.Timer;
import io.tulle.launch.process.Signals;
import io.tulle.launch.up.ComposeFolder;
import io.tulle.launch.up.Ending;
import io.tulle.launch.up.GuardedStarter;
import io.tulle.launch.up.Output;
import io.tulle.launch.up.Overrides;
import io.tulle.launch.up.Timing;
import io.tulle.launch.up.UpPlan;
import io.tulle.launch.up.UpReport;
import io.tulle.launch.up.UpSession;
import io.tulle.model.OneLine;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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
import picocli.CommandLine.Spec;

/** Runs every service of a Compose file in the mesh, each a process of its own, until Ctrl-C or {@code tulle down}. */
@Command(
        name = "up",
        description = "Run the services of a Compose file in the mesh.",
        footer = {"", "Example: tulle up -f compose.yaml"},
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private MeshOption mesh = new MeshOption();

    @Option(
            names = "-f",
            paramLabel = "FILE",
            description = "a Compose file; any number, each laid over those before it, as Compose does"
                    + " (default: COMPOSE_FILE, else compose.yaml, compose.yml or docker-compose.yml here, and"
                    + " compose.override.yaml beside it)")
    private List<Path> files = List.of();

    @Option(
            names = "--project",
            description = "the namespace of its services (default: COMPOSE_PROJECT_NAME, else the"
                    + " file's name:, else its folder)")
    private Optional<String> project = Optional.empty();

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description = "start the services of this profile too; any number; \"*\" is all"
                    + " (default: COMPOSE_PROFILES of the environment or .env, with commas)")
    private List<String> profiles = List.of();

    @Option(names = "--scale", paramLabel = "SERVICE=N", description = "another number of replicas; any number")
    private Map<String, Integer> scale = new HashMap<>();

    @Option(
            names = "--wait-timeout",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "how long an instance may take to be ready (default: ${DEFAULT-VALUE})")
    private int waitTimeout = 120;

    @Option(
            names = "--capture",
            defaultValue = "AUTO",
            description = "how connections reach the sidecars, where a service's tulle.capture says nothing:"
                    + " ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private Capture.Requested capture = Capture.Requested.AUTO;

    @Option(
            names = "--reveal-policies",
            description = "tell denied callers which policy denied them; for a control plane that this starts")
    private boolean reveal;

    @Mixin
    private RootNamespace root = new RootNamespace();

    @Mixin
    private WatchOptions watch = new WatchOptions();

    @Option(names = "--dry-run", description = "print what would be started and end")
    private boolean dryRun;

    private final Map<String, String> variables;

    UpCommand() {
        this(Map.of());
    }

    /** @param variables for the Compose file, before those of the environment */
    UpCommand(Map<String, String> variables) {
        this.variables = Map.copyOf(variables);
    }

    @Override
    public Integer call() throws Exception {
        var planned = plan(ComposeFiles.of(files, this::variable));
        if (planned.isEmpty()) return Exit.FINDINGS;
        var plan = planned.get();
        plan.externals()
                .forEach(one -> say(one.entry() + " runs elsewhere, at " + one.at() + ": Tulle does not start it"));
        if (dryRun) {
            plan.launches()
                    .forEach(launch -> spec.commandLine()
                            .getOut()
                            .println(OneLine.of("tulle " + ShellWords.written(launch.arguments(Path.of("…"))))));
            return Exit.DONE;
        }
        try (var control = ControlProcess.join(mesh, controlOptions())) {
            root.requireInForce(mesh.folder());
            control.dashboard().ifPresent(at -> say("dashboard: " + at));
            applyExternals(plan);
            return run(plan, control);
        }
    }

    /** For a control plane that this starts. */
    private String[] controlOptions() {
        var options = new ArrayList<String>();
        if (reveal) options.add("--reveal-policies");
        root.asked().ifPresent(name -> options.addAll(List.of("--root-namespace", name)));
        return options.toArray(String[]::new);
    }

    private Integer run(UpPlan plan, ControlProcess control) throws Exception {
        var executor = Executors.newSingleThreadScheduledExecutor();
        try {
            var coloured = Optional.ofNullable(System.console())
                    .filter(Console::isTerminal)
                    .isPresent();
            var session = UpSession.start(
                    plan,
                    new UpSession.Tools(
                            new GuardedStarter(Launcher.words()),
                            Timer.on(executor),
                            Clock.systemUTC(),
                            Timing.USUAL.withReadyWithin(Duration.ofSeconds(waitTimeout)),
                            Output.to(System.out, coloured, plan),
                            mesh.folder().path().resolve(plan.project())));
            Signals.take(List.of("INT"), session::interrupt);
            Signals.take(List.of("TERM", "HUP"), session::end);
            session.up().thenAccept(up -> {
                if (up) say("all of '" + plan.project() + "' is up; Ctrl-C, or tulle down, ends it" + control.said());
            });
            return switch (session.ended().get()) {
                case Ending.Stopped _ -> Exit.DONE;
                case Ending.Finished(var code) -> code;
                case Ending.Failed(var problem, var lastLines) -> {
                    lastLines.forEach(line -> spec.commandLine().getErr().println("  | " + line));
                    throw new Failures.Failure(Exit.FINDINGS, List.of(problem));
                }
            };
        } catch (UpSession.Refused e) {
            throw new Failures.Failure(Exit.FINDINGS, List.of(e.problem()));
        } finally {
            executor.shutdownNow();
        }
    }

    /** Empty when there is an error, which is told. */
    private Optional<UpPlan> plan(ComposeFiles compose) throws IOException {
        var folder = ComposeFolder.open(compose.folder(), this::variable);
        var asked = Profiles.of(profiles, folder);
        var reading = ComposeReader.read(compose.texts(), folder, asked);
        var named = project.or(() -> folder.variable("COMPOSE_PROJECT_NAME").filter(name -> !name.isEmpty()));
        var plan = UpPlan.of(
                reading.file(),
                new Overrides(compose.folder(), named, Optional.of(mesh.name()), capture, asked, new TreeMap<>(scale)));
        var problems = new ArrayList<>(folder.problems());
        problems.addAll(reading.problems());
        problems.addAll(plan.problems());
        var report = UpReport.of(problems, !dryRun);
        report.lines().forEach(this::say);
        return report.isClean() ? Optional.of(plan.with(watch.arguments())) : Optional.empty();
    }

    private void applyExternals(UpPlan plan) {
        if (plan.externals().isEmpty()) return;
        var read = ResourceReader.read(new Reader().yaml("externals", Yaml.write(plan.documents())), plan.project());
        try (var api = mesh.api()) {
            api.apply(read.resources(), List.of(), false);
        } catch (ApiRefusal e) {
            throw new Failures.Failure(Exit.FINDINGS, e.problems());
        }
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name)).or(() -> Optional.ofNullable(System.getenv(name)));
    }

    private void say(String line) {
        Said.to(spec.commandLine().getErr(), line);
    }
}
