package io.tulle.dialects.reader;

import io.tulle.model.Problem;
import java.util.List;

/** What a text held: the documents that could be read, in order, and every problem of those that could not. */
public record Reading(List<Node> documents, List<Problem> problems) {
    public Reading {
        documents = List.copyOf(documents);
        problems = List.copyOf(problems);
    }

    public boolean isClean() {
        return problems.stream().noneMatch(Problem::isError);
    }
}
