package io.tulle.launch.up;

import io.tulle.dialects.compose.ComposeService.HealthCheck;
import io.tulle.launch.health.CommandProbe;
import io.tulle.launch.health.FetchProbe;
import io.tulle.launch.health.HealthCommand;
import io.tulle.launch.health.Probe;
import io.tulle.model.Problem;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.HashMap;

/** How an instance that is ready is asked for its health, if at all. */
sealed interface Question {
    record None() implements Question {}

    record Ask(HealthCheck check, Probe.Asker asker) implements Question {}

    record Refused(Problem problem) implements Question {}

    static Question about(Launch launch, Ready ready) {
        if (launch.health().isEmpty()) return new None();
        var health = launch.health().get();
        var check = health.check();
        return switch (HealthCommand.of(launch.instance(), check.test(), health.url(), ready.capture())) {
            case HealthCommand.Nothing() -> new None();
            case HealthCommand.Refused(var problem) -> new Refused(problem);
            case HealthCommand.Fetch(var url) -> {
                var client =
                        HttpClient.newBuilder().connectTimeout(check.timeout()).build();
                yield new Ask(check, () -> FetchProbe.ask(client, url));
            }
            case HealthCommand.Run(var words) -> {
                var environment = new HashMap<>(launch.environment());
                environment.putAll(ready.environment());
                var there = new ArrayList<>(ready.around());
                there.addAll(words);
                var command = new CommandProbe.Command(there, launch.workingDirectory(), environment);
                yield new Ask(check, () -> CommandProbe.ask(command));
            }
        };
    }
}
