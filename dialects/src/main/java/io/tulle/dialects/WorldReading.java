package io.tulle.dialects;

import io.tulle.dialects.code.Codes;
import io.tulle.model.Problem;
import io.tulle.model.world.ResourceRef;
import io.tulle.model.world.World;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the resources of a revision say, and every problem of those that could not be read.
 *
 * @param leftOut each resource that is not in force as it is written, and the first error of it
 */
public record WorldReading(World world, List<Problem> problems, SortedMap<ResourceRef, Problem> leftOut) {
    public WorldReading {
        problems = List.copyOf(problems);
        leftOut = Collections.unmodifiableSortedMap(new TreeMap<>(leftOut));
    }

    /** The same of documents that are not in force yet: with an error they are refused, so they hold nothing closed. */
    public List<Problem> problemsBeforeUse() {
        return problems.stream()
                .filter(problem -> !problem.code().equals(Codes.HELD_CLOSED.code()))
                .toList();
    }

    public boolean isClean() {
        return problems.stream().noneMatch(Problem::isError);
    }
}
