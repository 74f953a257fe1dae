package io.tulle.launch.health;

import io.tulle.dialects.compose.ComposeService.HealthCheck;
import io.tulle.launch.capture.Capture;
import io.tulle.model.Problem;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How an instance is asked for its health, if at all. */
public sealed interface Question {
    /** How often an address is asked where nobody says otherwise. */
    HealthCheck USUAL = new HealthCheck(
            new HealthCheck.Test.None(),
            Duration.ofSeconds(10),
            Duration.ofSeconds(3),
            HealthCheck.RETRIES,
            Duration.ofSeconds(30),
            Duration.ofSeconds(1));

    record None() implements Question {}

    record Ask(HealthCheck check, Probe.Asker asker) implements Question {}

    record Refused(Problem problem) implements Question {}

    /**
     * What is to be known.
     *
     * @param url where to ask instead of running the check's test, {@code http://127.0.0.1:3000/health}
     */
    record Wanted(HealthCheck check, Optional<URI> url) {}

    /**
     * Where a command finds the application.
     *
     * @param environment on top of the launcher's own
     * @param around words before a command that is to run in the application's network; none where that is this host's
     */
    record Where(Capture capture, Path workingDirectory, Map<String, String> environment, List<String> around) {
        public Where {
            environment = Map.copyOf(environment);
            around = List.copyOf(around);
        }
    }

    static Question about(String instance, Wanted wanted, Where where) {
        var check = wanted.check();
        return switch (HealthCommand.of(instance, check.test(), wanted.url(), where.capture())) {
            case HealthCommand.Nothing() -> new None();
            case HealthCommand.Refused(var problem) -> new Refused(problem);
            case HealthCommand.Fetch(var url) -> {
                var client =
                        HttpClient.newBuilder().connectTimeout(check.timeout()).build();
                yield new Ask(check, () -> FetchProbe.ask(client, url));
            }
            case HealthCommand.Run(var words) -> {
                var there = new ArrayList<>(where.around());
                there.addAll(words);
                var command = new CommandProbe.Command(there, where.workingDirectory(), where.environment());
                yield new Ask(check, () -> CommandProbe.ask(command));
            }
        };
    }
}
