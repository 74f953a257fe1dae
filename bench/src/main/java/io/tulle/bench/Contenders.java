package io.tulle.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The proxies that are compared. */
final class Contenders {
    private Contenders() {}

    /** No proxy at all: what the load, the backend and the kernel take by themselves. */
    record Direct() implements Contender {
        @Override
        public String name() {
            return "direct";
        }

        @Override
        public String version() {
            return "no proxy";
        }

        @Override
        public List<Worker> plain(Ground ground, int port) {
            return List.of();
        }

        @Override
        public List<Worker> pair(Ground ground, int port) {
            return List.of();
        }
    }

    /**
     * {@code tulle proxy}, as it ships: started by its launcher, with its start-up cache.
     *
     * @param name what the table calls it, so that two builds or two sets of flags can stand side by side
     * @param launcher {@code bin/tulle} of a distribution
     * @param flags for the JVM, beside those of the launcher
     */
    record Tulle(String name, Path launcher, String flags) implements Contender {
        @Override
        public String version() {
            return name + ": tulle proxy, Java " + Runtime.version() + (flags.isEmpty() ? "" : " " + flags);
        }

        @Override
        public List<Worker> plain(Ground ground, int port) throws IOException {
            var file = ground.configuration("tulle-plain.yaml", port, ground.backend());
            return List.of(start(ground, "plain", file, List.of("--listen", port + "=backend.example:80")));
        }

        @Override
        public List<Worker> pair(Ground ground, int port) throws IOException {
            var between = ground.freePort();
            var server = List.of(
                    "--service",
                    "cart",
                    "-n",
                    "shop",
                    "--identity",
                    "cart",
                    "--inbound",
                    "127.0.0.1:" + between,
                    "--expose",
                    "4000/http=127.0.0.1:" + ground.backend());
            var client = List.of(
                    "--service", "web", "-n", "shop", "--identity", "web", "--listen", port + "=cart.shop.tulle:4000");
            return List.of(
                    start(
                            ground,
                            "server",
                            ground.configuration("tulle-server.yaml", between, ground.backend()),
                            server),
                    start(ground, "client", ground.configuration("tulle-client.yaml", port, between), client));
        }

        private Worker start(Ground ground, String role, Path file, List<String> options) {
            var command = new ArrayList<>(List.of("env", "TULLE_JVM_FLAGS=" + flags, launcher.toString(), "proxy"));
            command.addAll(List.of("--config", file.toString(), "--threads", "1", "--admin", "0"));
            command.addAll(options);
            return ground.start(name + "-" + role, command);
        }
    }

    /**
     * A proxy that is told everything by one file.
     *
     * @param ending of the file, which says its language
     * @param ask the command that says the version
     * @param command the command, but for the file
     */
    record ByFile(String name, String ending, List<String> ask, List<String> command) implements Contender {
        ByFile {
            ask = List.copyOf(ask);
            command = List.copyOf(command);
        }

        @Override
        public String version() {
            try {
                var process = new ProcessBuilder(ask).redirectErrorStream(true).start();
                var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                var program = ask.getFirst();
                var named = said.replace(program, Path.of(program).getFileName().toString());
                return named.strip().lines().findFirst().orElse("").strip();
            } catch (IOException e) {
                return "not installed: " + e.getMessage();
            }
        }

        boolean isInstalled() {
            return !version().startsWith("not installed");
        }

        @Override
        public List<Worker> plain(Ground ground, int port) throws IOException {
            return List.of(start(ground, "plain", port, ground.backend()));
        }

        @Override
        public List<Worker> pair(Ground ground, int port) throws IOException {
            var between = ground.freePort();
            return List.of(start(ground, "server", between, ground.backend()), start(ground, "client", port, between));
        }

        private Worker start(Ground ground, String role, int port, int upstream) throws IOException {
            var file = ground.configuration(name + "-" + role + ending, port, upstream);
            var whole = new ArrayList<>(command);
            whole.add(file.toString());
            return ground.start(name + "-" + role, whole);
        }
    }

    static ByFile haproxy() {
        return new ByFile("haproxy", ".conf", List.of("haproxy", "-v"), List.of("haproxy", "-db", "-f"));
    }

    static ByFile nginx() {
        return new ByFile("nginx", ".conf", List.of("nginx", "-v"), List.of("nginx", "-c"));
    }

    static ByFile envoy(Path binary) {
        return new ByFile(
                "envoy",
                ".yaml",
                List.of(binary.toString(), "--version"),
                List.of(binary.toString(), "--concurrency", "1", "--disable-hot-restart", "-l", "error", "-c"));
    }
}
