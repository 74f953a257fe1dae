package io.tulle.dialects;

import io.tulle.model.Problem;
import io.tulle.model.world.World;
import java.util.List;

/** What the resources of a revision say, and every problem of those that could not be read. */
public record WorldReading(World world, List<Problem> problems) {
    public WorldReading {
        problems = List.copyOf(problems);
    }

    public boolean isClean() {
        return problems.stream().noneMatch(Problem::isError);
    }
}
