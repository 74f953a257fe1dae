package io.tulle.cli;

import io.tulle.cli.code.CliCode;
import io.tulle.dialects.compose.ComposeService.HealthCheck;
import io.tulle.launch.capture.Capture;
import io.tulle.launch.health.HealthCommand;
import io.tulle.launch.health.Question;
import io.tulle.model.world.ServicePort;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** What must pass, besides listening, for an application's ports to get traffic. Names and meaning are Docker's. */
final class HealthOptions {
    @Option(
            names = "--health-path",
            paramLabel = "PATH",
            description = "its ports get traffic while a GET of this path answers 2xx, besides listening")
    private Optional<String> path = Optional.empty();

    @Option(
            names = "--health-port",
            paramLabel = "PORT",
            description = "the port to ask for that (default: the lowest exposed one)")
    private Optional<Integer> port = Optional.empty();

    @Option(
            names = "--health-cmd",
            paramLabel = "LINE",
            description = "its ports get traffic while this line for /bin/sh exits with 0, besides listening")
    private Optional<String> line = Optional.empty();

    @Option(
            names = "--health-interval",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "between two checks (default: ${DEFAULT-VALUE})")
    private int interval = 10;

    @Option(
            names = "--health-timeout",
            paramLabel = "SECONDS",
            defaultValue = "3",
            description = "how long one may take (default: ${DEFAULT-VALUE})")
    private int timeout = 3;

    @Option(
            names = "--health-retries",
            paramLabel = "TIMES",
            defaultValue = "3",
            description = "failures in a row that close its ports (default: ${DEFAULT-VALUE})")
    private int retries = 3;

    @Option(
            names = "--health-start-period",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "once it listens, failures count after this time only, and it is asked each second"
                    + " (default: ${DEFAULT-VALUE})")
    private int startPeriod = 30;

    /** Empty where nobody asks for a check. */
    Optional<Question.Wanted> wanted(String instance, List<ServicePort> exposed, Capture capture) {
        if (port.isPresent() && path.isEmpty()) {
            throw usage("--health-port is the port of --health-path", "add --health-path /health, or leave it out");
        }
        if (path.isEmpty() && line.isEmpty()) return Optional.empty();
        if (path.isPresent() && line.isPresent()) {
            throw usage("--health-path and --health-cmd are two checks, and a run has one", "leave one of them out");
        }
        if (Stream.of(interval, timeout, retries).anyMatch(number -> number < 1) || startPeriod < 0) {
            throw usage(
                    "--health-interval, --health-timeout and --health-retries are 1 at least",
                    "for example --health-interval 5");
        }
        var test = line.<HealthCheck.Test>map(HealthCheck.Test.Shell::new).orElseGet(HealthCheck.Test.None::new);
        var check = new HealthCheck(
                test,
                Duration.ofSeconds(interval),
                Duration.ofSeconds(timeout),
                retries,
                Duration.ofSeconds(startPeriod),
                Question.USUAL.startInterval());
        var wanted = new Question.Wanted(check, path.map(asked -> url(asked, exposed)));
        if (HealthCommand.of(instance, test, wanted.url(), capture) instanceof HealthCommand.Refused(var problem)) {
            throw new Failures.Failure(Exit.USAGE, List.of(problem));
        }
        return Optional.of(wanted);
    }

    private URI url(String asked, List<ServicePort> exposed) {
        var lowest = exposed.stream().mapToInt(ServicePort::port).min();
        var at = port.map(number -> OptionalInt.of(PortOptions.number(number.toString(), "--health-port")))
                .orElse(lowest);
        if (at.isEmpty()) {
            throw usage("--health-path has no port to ask", "expose one, or name it: --health-port 3000");
        }
        try {
            if (asked.matches("/[!-~]{0,1000}")) return URI.create("http://127.0.0.1:" + at.getAsInt() + asked);
        } catch (IllegalArgumentException _) {
            // told below
        }
        throw usage("'" + asked + "' is no path of a URL", "for example --health-path /health");
    }

    private static Failures.Failure usage(String message, String fix) {
        return new Failures.Failure(Exit.USAGE, List.of(CliCode.NOT_A_HEALTH_CHECK.problem(message, fix)));
    }
}
