package io.tulle.cli;

import io.tulle.cli.code.CliCode;
import io.tulle.labs.Lab;
import io.tulle.labs.LabRun;
import io.tulle.labs.LabRun.Verdict;
import io.tulle.labs.Labs;
import io.tulle.labs.stage.Stage;
import io.tulle.labs.stage.Unmet;
import io.tulle.model.OneLine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Installs and builds the example shop where that is due, and runs it in a mesh of its own until Ctrl-C. */
@Command(
        name = "demo",
        description = "Run the example shop, NestJS services in a mesh, until Ctrl-C.",
        footer = {"", "Example: tulle demo", "         tulle demo --check --only 05"},
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--shop",
            paramLabel = "DIR",
            description = "where the shop is (default: examples/shop of this checkout)")
    private Optional<Path> shop = Optional.empty();

    @Option(names = "--check", description = "run every lab of docs/labs against the shop, on free ports, and end")
    private boolean check;

    @Option(names = "--only", paramLabel = "NN", split = ",", description = "with --check: only these labs; any number")
    private List<String> only = List.of();

    @Option(names = "--json", paramLabel = "FILE", description = "with --check: write what was seen as data too")
    private Optional<Path> json = Optional.empty();

    @Override
    public Integer call() throws Exception {
        var labs = labs();
        var folder = shop.orElseGet(DemoCommand::ofCheckout).toAbsolutePath();
        if (!Files.exists(folder.resolve("compose.yaml"))) {
            throw failure(
                    CliCode.NO_SHOP,
                    folder + " holds no shop",
                    "run it from a checkout as ./tulle demo, or name the folder with --shop");
        }
        new Shop(folder, this::say).make();
        if (check) return check(labs, folder);
        say("starting the shop: http://127.0.0.1:3000 once it is up; tulle ps --mesh demo shows who runs");
        var redis = redisAnswers();
        say("the ledger keeps its book in "
                + (redis ? "the Redis at 127.0.0.1:6379" : "memory: no Redis is at 127.0.0.1:6379"));
        var up = new UpCommand(redis ? Map.of() : Map.of("LEDGER_STORE", "memory"));
        return Tulle.configured(new CommandLine(up))
                .execute(
                        "--reveal-policies",
                        "--mesh",
                        "demo",
                        "-f",
                        folder.resolve("compose.yaml").toString());
    }

    private List<Lab> labs() {
        if (!check && (!only.isEmpty() || json.isPresent())) {
            throw new Failures.Failure(
                    Exit.USAGE,
                    List.of(CliCode.NO_SUCH_LAB.problem(
                            "--only and --json go with --check", "tulle demo --check --only 05")));
        }
        var known = Labs.all().stream().map(Lab::number).toList();
        var unknown = only.stream().filter(number -> !known.contains(number)).toList();
        if (!unknown.isEmpty()) {
            throw new Failures.Failure(
                    Exit.USAGE,
                    List.of(CliCode.NO_SUCH_LAB.problem(
                            "there is no lab " + unknown, "labs are " + String.join(", ", known))));
        }
        return Labs.all().stream()
                .filter(lab -> only.isEmpty() || only.contains(lab.number()))
                .toList();
    }

    private Integer check(List<Lab> labs, Path folder) throws IOException, InterruptedException {
        var out = spec.commandLine().getOut();
        try (var stage = Stage.start(new Stage.Settings(Launcher.words(), folder, this::say))) {
            var ending = new Thread(stage::close, "stop");
            Runtime.getRuntime().addShutdownHook(ending);
            var results = new LabRun(Clock.systemUTC(), line -> {
                        out.println(OneLine.of(line));
                        out.flush();
                    })
                    .show(labs, stage);
            Runtime.getRuntime().removeShutdownHook(ending);
            if (json.isPresent()) Files.writeString(json.get(), LabRun.json(results) + "\n");
            var passed = count(results, Verdict.PASS);
            var skipped = count(results, Verdict.SKIP);
            var starved = count(results, Verdict.STARVED);
            out.println(passed + " of " + results.size() + " labs passed"
                    + (skipped == 0 ? "" : ", " + skipped + " cannot be shown here")
                    + (starved == 0 ? "" : ", " + starved + " could not be judged: the machine is too busy"));
            return count(results, Verdict.FAIL) + starved == 0 ? Exit.DONE : Exit.FINDINGS;
        } catch (Unmet e) {
            throw failure(
                    CliCode.NO_STAGE,
                    "the shop did not start: " + e.getMessage(),
                    "the logs named above have all of it");
        }
    }

    private static long count(List<LabRun.Result> results, Verdict verdict) {
        return results.stream().filter(result -> result.verdict() == verdict).count();
    }

    private static boolean redisAnswers() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 6379), 500);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private static Path ofCheckout() {
        var home = Path.of(System.getProperty("tulle.home", "")).toAbsolutePath();
        for (var up = Optional.of(home); up.isPresent(); up = up.map(Path::getParent)) {
            var candidate = up.get().resolve("examples").resolve("shop");
            if (Files.exists(candidate.resolve("compose.yaml"))) return candidate;
        }
        return home.resolve("examples/shop");
    }

    private static Failures.Failure failure(CliCode code, String message, String fix) {
        return new Failures.Failure(Exit.FINDINGS, List.of(code.problem(message, fix)));
    }

    private void say(String line) {
        Said.to(spec.commandLine().getErr(), line);
    }
}
