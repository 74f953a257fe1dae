package io.tulle.cli;

import io.tulle.model.Problem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
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
        footer = {"", "Example: tulle demo"},
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--shop",
            paramLabel = "DIR",
            description = "where the shop is (default: examples/shop of this checkout)")
    private Optional<Path> shop = Optional.empty();

    @Override
    public Integer call() throws Exception {
        var folder = shop.orElseGet(DemoCommand::ofCheckout).toAbsolutePath();
        if (!Files.exists(folder.resolve("compose.yaml"))) {
            throw failure(
                    "TUL1026",
                    folder + " holds no shop",
                    "run it from a checkout as ./tulle demo, or name the folder with --shop");
        }
        if (!Files.isDirectory(folder.resolve("node_modules"))) {
            step(
                    folder,
                    "installing the shop's dependencies",
                    "npm",
                    "ci",
                    "--ignore-scripts",
                    "--no-fund",
                    "--no-audit");
        }
        if (!Files.isDirectory(folder.resolve("dist"))) step(folder, "building the shop", "npm", "run", "build");
        say("starting the shop: http://127.0.0.1:3000 once it is up; tulle ps --mesh demo shows who runs");
        var redis = redisAnswers();
        say("the ledger keeps its book in "
                + (redis ? "the Redis at 127.0.0.1:6379" : "memory: no Redis is at 127.0.0.1:6379"));
        var up = new UpCommand(redis ? Map.of() : Map.of("LEDGER_STORE", "memory"));
        return Tulle.configured(new CommandLine(up))
                .execute("--mesh", "demo", "-f", folder.resolve("compose.yaml").toString());
    }

    private void step(Path folder, String what, String... words) throws IOException, InterruptedException {
        say(what);
        var log = Files.createTempFile("tulle-demo", ".log");
        Process process;
        try {
            process = new ProcessBuilder(words)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw failure(
                    "TUL1027",
                    "'" + words[0] + "' cannot be started: " + e.getMessage(),
                    "install Node 20 or newer with npm");
        }
        if (process.waitFor() != 0) {
            throw failure(
                    "TUL1028",
                    what + " failed; " + log + " says why",
                    "run " + String.join(" ", words) + " in " + folder);
        }
        Files.delete(log);
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

    private static Failures.Failure failure(String code, String message, String fix) {
        return new Failures.Failure(Exit.FINDINGS, List.of(Problem.error(code, message, fix)));
    }

    private void say(String line) {
        spec.commandLine().getErr().println("tulle: " + line);
        spec.commandLine().getErr().flush();
    }
}
