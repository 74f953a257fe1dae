package io.tulle.cli;

import io.tulle.agent.run.ControlLink;
import io.tulle.agent.run.DoorShut;
import io.tulle.agent.run.NotConfigured;
import io.tulle.agent.run.PublishedPorts;
import io.tulle.agent.run.Remembered;
import io.tulle.agent.run.RemoteLink;
import io.tulle.agent.run.Run;
import io.tulle.agent.run.RunSettings;
import io.tulle.agent.run.Upkeep;
import io.tulle.agent.run.Watching;
import io.tulle.cli.code.CliCode;
import io.tulle.dialects.compose.ComposeService.Restart;
import io.tulle.launch.capture.Capture;
import io.tulle.launch.capture.CaptureChoice;
import io.tulle.launch.capture.Facts;
import io.tulle.launch.netns.NetnsCode;
import io.tulle.launch.netns.OwnNetwork;
import io.tulle.launch.process.RunDirectory;
import io.tulle.launch.terminal.LentTerminal;
import io.tulle.model.JoinToken;
import io.tulle.model.Problem;
import io.tulle.model.ServiceName;
import io.tulle.model.world.WorkloadNames;
import io.tulle.proxy.identity.Issuer;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs one instance of a service in the mesh: its sidecar in this process, the application beside it. */
@Command(
        name = "run",
        description = "Run a command as an instance of a service in the mesh.",
        footer = {
            "",
            "Example: tulle run web --expose 3000/http --publish 3000 -- node dist/main.js",
            "         tulle run cart-1 --service cart --expose 4000/nest-tcp --label version=v1 -- npm start",
            "         tulle run pay --expose 5000/grpc --join @token --control 10.0.0.1:15012 --address 10.0.0.7 -- ./pay"
        },
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private MeshOption mesh = new MeshOption();

    @Parameters(index = "0", paramLabel = "NAME", description = "the instance's name, unique in the mesh")
    private String name = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND", description = "the application, after --")
    private List<String> command = List.of();

    @Option(names = "--service", paramLabel = "S", description = "its service (default: the label app, else NAME)")
    private Optional<String> service = Optional.empty();

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "default",
            description = "(default: ${DEFAULT-VALUE})")
    private String namespace = "default";

    @Option(names = "--account", description = "the last part of its identity (default: the service)")
    private Optional<String> account = Optional.empty();

    @Option(names = "--label", paramLabel = "K=V", description = "a label, such as version=v2; any number")
    private Map<String, String> labels = new HashMap<>();

    @Mixin
    private PortOptions ports = new PortOptions();

    @Option(
            names = "--alias",
            hidden = true, // said by up, which knows how a Compose file calls its entries
            paramLabel = "NAME=SERVICE",
            description = "another name by which the application calls a service of its namespace; any number")
    private Map<String, String> alias = new HashMap<>();

    @Option(
            names = "--capture",
            defaultValue = "AUTO",
            description = "how its connections reach the sidecar: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private Capture.Requested capture = Capture.Requested.AUTO;

    @Option(
            names = "--run-dir",
            paramLabel = "DIR",
            description = "the run's own folder (default: ~/.tulle/MESH/runs/NAME)")
    private Optional<Path> runDirectory = Optional.empty();

    @Option(names = "--replace", description = "end the run that has NAME, wherever it runs, and take its place")
    private boolean replace;

    @Option(
            names = "--restart",
            paramLabel = "POLICY",
            defaultValue = "no",
            description = "start the application again when it has ended by itself: no, on-failure[:TIMES], always"
                    + " (default: ${DEFAULT-VALUE}); its sidecar stays")
    private String restart = "no";

    @Mixin
    private HealthOptions health = new HealthOptions();

    @Mixin
    private WatchOptions watch = new WatchOptions();

    @Option(
            names = "--mesh-port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "where its sidecar takes peers (default: any free port)")
    private int meshPort;

    @Option(
            names = "--advertise",
            paramLabel = "ADDRESS:PORT",
            description = "what peers are told in place of that: the outside of a port mapping")
    private Optional<String> advertise = Optional.empty();

    @Option(
            names = "--drain",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "how long work in flight may take when the run ends (default: ${DEFAULT-VALUE})")
    private int drain = 10;

    @Option(
            names = "--grace",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "how long the application may take to end after that (default: ${DEFAULT-VALUE})")
    private int grace = 10;

    @Option(
            names = "--join",
            paramLabel = "TOKEN",
            description = "join a control plane on another host, by a token of its tulle token create; @FILE reads it")
    private Optional<String> join = Optional.empty();

    @Option(
            names = "--control",
            paramLabel = "HOST:PORT",
            description = "where that control plane takes sidecars (its --listen)")
    private Optional<String> control = Optional.empty();

    @Option(
            names = "--address",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "this host's address for peers; others reach the instance there (default: ${DEFAULT-VALUE})")
    private String address = "";

    /** Said before anybody is told of the instance; 127 is what a shell says. */
    private void requireProgram() {
        var word = command.getFirst();
        if (Program.isThere(word, System.getenv().getOrDefault("PATH", ""))) return;
        throw new Failures.Failure(
                Exit.NO_PROGRAM,
                List.of(CliCode.NO_SUCH_PROGRAM.problem(
                        "there is no program '" + word + "'",
                        "check its spelling, or name it by its path; nothing was started")));
    }

    @Override
    public Integer call() throws Exception {
        var settings = settings();
        requireProgram();
        if (replace) Replacing.end(settings.folder(), this::say);
        PublishedPorts.taken(settings.publish()).ifPresent(problem -> {
            throw new Failures.Failure(Exit.USAGE, List.of(problem));
        });
        var policy = restart();
        var check = health.wanted(name, settings.expose(), settings.capture());
        var ending = new Ending(Clock.systemUTC(), this::say);
        var kept = RunOutput.of(settings.folder(), mesh.folder().output(name), spec);
        try (var terminal = new Lent(LentTerminal.lend(ending::pressed, kept.source()), kept.file());
                var run = start(settings, new Upkeep(terminal.console(), policy, check))) {
            ending.of(run);
            run.ready()
                    .thenRun(() -> say(settings.instance() + " is in the mesh" + doors(settings, run)
                            + run.admin()
                                    .map(at -> ", admin at http://127.0.0.1:" + at.getPort())
                                    .orElse("")));
            var code = run.exit().get();
            run.stop();
            return code;
        } catch (RunDirectory.Refused e) {
            throw new Failures.Failure(Exit.FINDINGS, List.of(e.problem()));
        } catch (NetnsCode.Refused e) {
            throw new Failures.Failure(Exit.FINDINGS, List.of(e.problem()));
        } catch (ControlLink.Refused e) {
            throw new Failures.Failure(Exit.FINDINGS, List.of(e.problem()));
        } catch (DoorShut e) {
            throw new Failures.Failure(Exit.USAGE, List.of(e.problem()));
        } catch (NotConfigured e) {
            throw new Failures.Failure(
                    Exit.UNREACHABLE,
                    List.of(CliCode.NO_CONFIGURATION.problem(
                            "this instance joined the mesh and cannot take part: " + e.getMessage(),
                            "tulle ps shows what the control plane thinks of it; starting it again is safe")));
        } catch (Issuer.IssueFailed e) {
            throw NotJoined.failure(e, mesh.name());
        }
    }

    private Restart restart() {
        return Restart.parse(restart)
                .orElseThrow(() -> usage(
                        CliCode.NOT_A_RESTART_POLICY,
                        "--restart takes no, on-failure[:TIMES] or always, not '" + restart + "'",
                        "for example --restart on-failure:3"));
    }

    private Run start(RunSettings settings, Upkeep upkeep) {
        var runtime = new Run.Surroundings(VersionCommand.version(), Clock.systemUTC(), new SecureRandom(), this::say);
        // Until there is a run that signals can stop in order, the first of them ends this process as it is.
        var clearing = new Thread(() -> RunDirectory.release(settings.folder()), "clear");
        Runtime.getRuntime().addShutdownHook(clearing);
        try {
            return Run.start(
                    settings,
                    link(settings, runtime),
                    runtime,
                    Watching.start(settings.member(), mesh.name(), "tulle", watch.wanted(name)),
                    upkeep);
        } catch (RuntimeException | Error e) {
            RunDirectory.release(settings.folder()); // nothing runs that it could be of use to
            throw e;
        } finally {
            keep(clearing);
        }
    }

    private static void keep(Thread clearing) {
        try {
            Runtime.getRuntime().removeShutdownHook(clearing);
        } catch (IllegalStateException _) {
            // too late: this process is ending
        }
    }

    private RemoteLink link(RunSettings settings, Run.Surroundings runtime) {
        var service = settings.service();
        var remembered = Remembered.in(mesh.folder().used().resolve(service.name() + "." + service.namespace()));
        var joining = new RemoteLink.Joining(replace, remembered);
        if (join.isEmpty() && control.isEmpty())
            return RemoteLink.open(mesh.folder().run(), settings.member(), runtime, joining);
        if (join.isEmpty() || control.isEmpty()) {
            throw usage(
                    CliCode.HALF_OF_A_JOIN,
                    "--join and --control go together",
                    "tulle run … --join TOKEN --control HOST:15012");
        }
        var token = JoinToken.parse(Secrets.read(join.get()))
                .orElseThrow(() -> usage(
                        CliCode.NO_JOIN_TOKEN,
                        "what --join names is no whole token",
                        "copy all that tulle token create printed, from tulle1. to its end"));
        var reporter = Launcher.known().stream()
                .flatMap(words -> Stream.concat(
                        words.stream(), ReportEndCommand.words(name, control.get(), token.rootDigest()).stream()))
                .toList();
        return RemoteLink.open(
                token,
                ControlCommand.address(control.get(), "--control"),
                settings.member(),
                runtime,
                joining,
                reporter);
    }

    private void say(String line) {
        Said.to(spec.commandLine().getErr(), line);
    }

    private Capture capture() {
        var facts = Facts.look(
                command, Path.of("").toAbsolutePath(), System.getenv().getOrDefault("PATH", ""));
        return switch (CaptureChoice.choose(capture, command, facts)) {
            case CaptureChoice.Chosen(var chosen, var why) -> {
                var obstacle = chosen == Capture.NETNS && capture == Capture.Requested.AUTO
                        ? OwnNetwork.obstacle()
                        : Optional.<Problem>empty();
                say(obstacle.map(problem -> "capture env: netns is not to be had: " + problem.explained())
                        .orElse(why));
                yield obstacle.isPresent() ? Capture.ENV : chosen;
            }
            case CaptureChoice.Refused(var problem) -> throw new Failures.Failure(Exit.USAGE, List.of(problem));
        };
    }

    private static String doors(RunSettings settings, Run run) {
        var doors = new StringBuilder();
        settings.publish().keySet().stream()
                .sorted()
                .forEach(port -> run.sidecar()
                        .boundAt("door|" + port)
                        .ifPresent(at -> doors.append(", port ")
                                .append(port)
                                .append(" at http:/")
                                .append(String.valueOf(at).startsWith("/") ? "" : "/")
                                .append(at)));
        return doors.toString();
    }

    private RunSettings settings() {
        var serviceName = service.orElseGet(() -> WorkloadNames.serviceOf(labels, name));
        if (!ServiceName.isLabel(name) || !ServiceName.isLabel(serviceName) || !ServiceName.isLabel(namespace)) {
            throw usage(
                    CliCode.NAME_UNFIT,
                    "names of instances, services and namespaces are DNS labels (a-z, 0-9, '-', at most 63 characters)",
                    "tulle run cart-1 --service cart …");
        }
        return new RunSettings(
                name,
                new ServiceName(namespace, serviceName),
                account.orElse(serviceName),
                new TreeMap<>(labels),
                ports.exposed(),
                ports.published(),
                command,
                Path.of("").toAbsolutePath(),
                runDirectory.orElse(mesh.folder().runs().resolve(name)),
                capture(),
                Duration.ofSeconds(drain),
                Duration.ofSeconds(grace),
                new RunSettings.Reach(
                        literal(address), meshPort, advertise.map(text -> ControlCommand.address(text, "--advertise"))),
                aliases());
    }

    private SortedMap<String, String> aliases() {
        var all = new TreeMap<String, String>();
        alias.forEach((name, meant) -> {
            if (!name.matches("[A-Za-z0-9._-]{1,253}") || !ServiceName.isLabel(meant)) {
                throw usage(
                        CliCode.NOT_AN_ALIAS,
                        "--alias takes NAME=SERVICE, not '" + name + "=" + meant + "'",
                        "for example --alias mysql_db=mysql-db");
            }
            all.put(name.toLowerCase(Locale.ROOT), meant);
        });
        return all;
    }

    private static String literal(String text) {
        try {
            return InetAddress.ofLiteral(text).getHostAddress();
        } catch (IllegalArgumentException _) {
            throw usage(
                    CliCode.NO_IP_ADDRESS, "--address takes an IP address, not '" + text + "'", "for example 10.0.0.7");
        }
    }

    private static Failures.Failure usage(CliCode code, String message, String fix) {
        return new Failures.Failure(Exit.USAGE, List.of(code.problem(message, fix)));
    }
}
