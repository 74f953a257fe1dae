package io.tulle.dialects.reader;

import io.tulle.model.Problem;
import io.tulle.model.Problem.Place;
import java.util.List;
import java.util.Map;

/**
 * What a text held: the documents that could be read, in order, and every problem of those that could not.
 *
 * @param tags those that the reader was told to allow, by the place of what they stand before
 */
public record Reading(List<Node> documents, List<Problem> problems, Map<Place, String> tags) {
    public Reading {
        documents = List.copyOf(documents);
        problems = List.copyOf(problems);
        tags = Map.copyOf(tags);
    }

    public Reading(List<Node> documents, List<Problem> problems) {
        this(documents, problems, Map.of());
    }

    public boolean isClean() {
        return problems.stream().noneMatch(Problem::isError);
    }
}
