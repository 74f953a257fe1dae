package io.tulle.agent.run;

import io.tulle.dialects.compose.ComposeService.Restart;
import io.tulle.launch.health.Question;
import io.tulle.launch.process.Console;
import java.util.Optional;

/**
 * How a run keeps its application.
 *
 * @param console where the application's streams lead
 * @param restart when it is started again after it has ended by itself
 * @param health what must pass, besides listening, for its ports to get traffic
 */
public record Upkeep(Console console, Restart restart, Optional<Question.Wanted> health) {
    public Upkeep(Console console, Restart restart) {
        this(console, restart, Optional.empty());
    }
}
