package io.tulle.launch.up;

import io.tulle.dialects.compose.ComposeService.Condition;
import io.tulle.dialects.compose.ComposeService.Restart;
import io.tulle.launch.health.Question;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * One instance to start: a {@code tulle run}.
 *
 * @param instance {@code cart-1}
 * @param entry the Compose entry it is a replica of
 * @param options of {@code tulle run}, but for the run directory, which each life has anew
 * @param command what follows {@code --}
 * @param environment over the launcher's own
 * @param needs what must be there first
 */
public record Launch(
        String instance,
        String entry,
        List<String> options,
        List<String> command,
        SortedMap<String, String> environment,
        Path workingDirectory,
        List<Need> needs,
        Optional<Question.Wanted> health,
        Restart restart) {
    public Launch {
        options = List.copyOf(options);
        command = List.copyOf(command);
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
        needs = List.copyOf(needs);
    }

    /** As {@code --expose} says them, without their protocols. */
    List<String> declaredPorts() {
        return IntStream.range(1, options.size())
                .filter(i -> options.get(i - 1).equals("--expose"))
                .mapToObj(i -> options.get(i).replaceFirst("/.*", ""))
                .toList();
    }

    Launch with(List<String> more) {
        var all = new ArrayList<>(options);
        all.addAll(more);
        return new Launch(instance, entry, all, command, environment, workingDirectory, needs, health, restart);
    }

    /** All replicas of an entry in a condition. */
    public record Need(String entry, Condition condition) {}

    /** The arguments of {@code tulle}: {@code run cart-1 --service cart … -- node dist/main.js}. */
    public List<String> arguments(Path runDirectory) {
        var all = new ArrayList<String>(List.of("run", instance));
        all.addAll(options);
        all.addAll(List.of("--run-dir", runDirectory.toString(), "--"));
        all.addAll(command);
        return List.copyOf(all);
    }
}
