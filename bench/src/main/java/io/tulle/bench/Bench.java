package io.tulle.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The side-by-side comparison as a program; {@code bench/run} starts it and explains its options. */
final class Bench {
    private Bench() {}

    public static void main(String[] args) throws IOException {
        var options = Options.parse(List.of(args));
        var text = new StringBuilder(facts(options));
        var folder = Files.createTempDirectory("tulle-bench");
        try (var backend = Backend.start(1024)) {
            var ground = Ground.prepare(folder, backend.address().getPort(), options.prefix());
            var contenders = contenders(options);
            contenders.forEach(c -> text.append("- ")
                    .append(c.name())
                    .append(": ")
                    .append(c.version())
                    .append('\n'));
            for (var scenario : options.scenarios()) {
                try (var comparison = new Comparison(options, ground)) {
                    text.append("\n## ").append(title(scenario)).append("\n\n");
                    text.append(Measured.table(comparison.run(scenario, contenders)));
                }
            }
        }
        text.append("\nLoad average after: ").append(loadAverage()).append('\n');
        System.out.println(text);
        if (options.result().isPresent()) Files.writeString(options.result().get(), text);
    }

    private static String title(String scenario) {
        return switch (scenario) {
            case "plain" -> "One proxy, plain HTTP/1.1";
            case "pair" -> "A pair, mutual TLS between (CPU of both)";
            default -> throw new IllegalArgumentException("plain or pair, not " + scenario);
        };
    }

    private static List<Contender> contenders(Options options) {
        var all = new ArrayList<Contender>();
        all.add(new Contenders.Direct());
        all.add(new Contenders.Tulle("tulle", options.launcher(), ""));
        for (var more : options.tulles()) {
            var parts = more.split("=", 2);
            var name = parts[0].split("@", 2);
            var launcher = name.length == 2 ? Path.of(name[1]) : options.launcher();
            all.add(new Contenders.Tulle(name[0], launcher, parts[1].strip()));
        }
        for (var other : List.of(Contenders.haproxy(), Contenders.nginx(), Contenders.envoy(options.envoy()))) {
            if (other.isInstalled()) all.add(other);
        }
        return all.stream().filter(c -> options.takesPart(c.name())).toList();
    }

    private static String facts(Options options) throws IOException {
        var cpu = Pattern.compile("model name\\s*: (.*)").matcher(Files.readString(Path.of("/proc/cpuinfo")));
        var cores = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("processor"))
                .count();
        var kernel = Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
        return """
                # Side by side, %s

                %d cores (%s), Linux %s, load average before: %s. Each proxy has one worker and is started with `%s`; load and backend
                share the other core. %d rounds of %d s, interleaved, at %.0f requests a second on %d connections, after %d s of warm-up up to 1.4
                times the rate. Answers have 1 KiB. Latency counts from the moment when a request was due. Median (quartiles).

                """.formatted(
                        Instant.now().truncatedTo(ChronoUnit.MINUTES),
                        cores,
                        cpu.find() ? cpu.group(1) : "unknown",
                        kernel,
                        loadAverage(),
                        String.join(" ", options.prefix()),
                        options.rounds(),
                        options.seconds(),
                        options.rate(),
                        options.connections(),
                        options.warm());
    }

    private static String loadAverage() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0];
    }
}
