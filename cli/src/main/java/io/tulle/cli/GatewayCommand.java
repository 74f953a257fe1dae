package io.tulle.cli;

import io.tulle.agent.gateway.GatewayRun;
import io.tulle.agent.gateway.GatewaySettings;
import io.tulle.agent.run.ControlLink;
import io.tulle.agent.run.Member;
import io.tulle.agent.run.NotConfigured;
import io.tulle.agent.run.Remembered;
import io.tulle.agent.run.RemoteLink;
import io.tulle.agent.run.Run;
import io.tulle.agent.run.RunSettings;
import io.tulle.agent.run.Watching;
import io.tulle.cli.code.CliCode;
import io.tulle.launch.process.Signals;
import io.tulle.model.JoinToken;
import io.tulle.model.ServiceName;
import io.tulle.proxy.identity.Issuer;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a gateway: a proxy at the edge of the mesh that opens the doors that Gateway resources declare. */
@Command(
        name = "gateway",
        description = "Run a gateway, which lets callers from outside into the mesh as Gateway resources say.",
        footer = {
            "",
            "It opens the listeners of the Gateway (gateway.networking.k8s.io) NAME of its namespace, and of each Gateway"
                    + " (networking.istio.io) whose selector its labels meet; it has the label istio=NAME.",
            "Example: tulle gateway web --listen 0.0.0.0",
            "         tulle gateway ingressgateway --port 80=8080 --port 443=8443"
        },
        mixinStandardHelpOptions = true)
final class GatewayCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private MeshOption mesh = new MeshOption();

    @Parameters(
            index = "0",
            paramLabel = "NAME",
            description = "the gateway's name: that of its Gateway, and of its service")
    private String name = "";

    @Option(
            names = "--instance",
            paramLabel = "NAME",
            description = "this process among several of the gateway, unique in the mesh (default: the gateway's name)")
    private Optional<String> instance = Optional.empty();

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "default",
            description = "(default: ${DEFAULT-VALUE})")
    private String namespace = "default";

    @Option(
            names = "--label",
            paramLabel = "K=V",
            description = "a label by which an Istio Gateway selects it; any number")
    private Map<String, String> labels = new HashMap<>();

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "where its doors stand: 0.0.0.0 lets other machines in (default: ${DEFAULT-VALUE})")
    private String listen = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "DECLARED=PORT",
            description = "open a declared port under another number, such as 80=8080; any number")
    private Map<Integer, Integer> ports = new HashMap<>();

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "event loops (default: one a processor)")
    private int threads;

    @Mixin
    private WatchOptions watch = new WatchOptions();

    @Option(
            names = "--drain",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "how long work in flight may take when it ends (default: ${DEFAULT-VALUE})")
    private int drain = 10;

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

    @Option(names = "--replace", description = "take the place of whoever has this name in the mesh")
    private boolean replace;

    @Override
    public Integer call() throws Exception {
        var settings = settings();
        var runtime = new Run.Surroundings(VersionCommand.version(), Clock.systemUTC(), new SecureRandom(), this::say);
        var member = settings.member();
        try (var gateway = GatewayRun.start(
                settings,
                link(member, runtime),
                runtime,
                Watching.start(member, mesh.name(), "tulle", watch.wanted(member.instance())))) {
            if (gateway.doors().isEmpty())
                say("no Gateway asks for a door yet: apply one named " + name + ", or one that selects istio: " + name);
            say(member.instance() + " is in the mesh"
                    + gateway.admin()
                            .map(at -> ", admin at http://127.0.0.1:" + at.getPort())
                            .orElse(""));
            Signals.take(gateway::stop);
            gateway.over().get();
            return Exit.DONE;
        } catch (ControlLink.Refused e) {
            throw new Failures.Failure(Exit.FINDINGS, List.of(e.problem()));
        } catch (NotConfigured e) {
            throw new Failures.Failure(
                    Exit.UNREACHABLE,
                    List.of(CliCode.NO_CONFIGURATION.problem(
                            "this gateway joined the mesh and cannot take part: " + e.getMessage(),
                            "tulle ps shows what the control plane thinks of it; starting it again is safe")));
        } catch (Issuer.IssueFailed e) {
            throw NotJoined.failure(e, mesh.name());
        }
    }

    private RemoteLink link(Member member, Run.Surroundings runtime) {
        var joining = new RemoteLink.Joining(
                replace, Remembered.in(mesh.folder().used().resolve(name + "." + namespace)));
        if (join.isEmpty() && control.isEmpty())
            return RemoteLink.open(mesh.folder().run(), member, runtime, joining);
        if (join.isEmpty() || control.isEmpty()) {
            throw usage(
                    CliCode.HALF_OF_A_JOIN,
                    "--join and --control go together",
                    "tulle gateway … --join TOKEN --control HOST:15012");
        }
        var token = JoinToken.parse(Secrets.read(join.get()))
                .orElseThrow(() -> usage(
                        CliCode.NO_JOIN_TOKEN,
                        "what --join names is no whole token",
                        "copy all that tulle token create printed, from tulle1. to its end"));
        return RemoteLink.open(
                token, ControlCommand.address(control.get(), "--control"), member, runtime, joining, List.of());
    }

    private GatewaySettings settings() {
        var id = instance.orElse(name);
        if (!ServiceName.isLabel(name) || !ServiceName.isLabel(id) || !ServiceName.isLabel(namespace)) {
            throw usage(
                    CliCode.NAME_UNFIT,
                    "names of gateways, instances and namespaces are DNS labels (a-z, 0-9, '-', at most 63 characters)",
                    "tulle gateway web --instance web-2 …");
        }
        ports.forEach((declared, own) -> {
            PortOptions.number(Integer.toString(declared), "--port");
            PortOptions.number(Integer.toString(own), "--port");
        });
        var all = new TreeMap<>(labels);
        all.putIfAbsent("istio", name);
        return new GatewaySettings(
                new Member(id, new ServiceName(namespace, name), name, all),
                address(),
                ports,
                RunSettings.Reach.USUAL,
                Duration.ofSeconds(drain),
                threads > 0 ? threads : Runtime.getRuntime().availableProcessors());
    }

    private InetAddress address() {
        try {
            return InetAddress.ofLiteral(listen);
        } catch (IllegalArgumentException _) {
            throw usage(
                    CliCode.NO_IP_ADDRESS, "--listen takes an IP address, not '" + listen + "'", "for example 0.0.0.0");
        }
    }

    private void say(String line) {
        Said.to(spec.commandLine().getErr(), line);
    }

    private static Failures.Failure usage(CliCode code, String message, String fix) {
        return new Failures.Failure(Exit.USAGE, List.of(code.problem(message, fix)));
    }
}
