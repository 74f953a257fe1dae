package io.tulle.dialects.compose;

import io.tulle.model.Problem;
import java.util.List;

/** A Compose file as far as it could be read, and all problems. Start nothing unless it is clean. */
public record ComposeReading(ComposeFile file, List<Problem> problems) {
    public ComposeReading {
        problems = List.copyOf(problems);
    }

    public boolean isClean() {
        return problems.stream().noneMatch(Problem::isError);
    }
}
