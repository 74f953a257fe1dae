package io.tulle.cli.api;

import io.tulle.model.Problem;
import java.util.List;

/** The control plane said no, or nothing at all. */
public final class ApiRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final boolean unreachable;
    private final transient List<Problem> problems;

    ApiRefusal(boolean unreachable, List<Problem> problems) {
        super(problems.toString());
        this.unreachable = unreachable;
        this.problems = problems;
    }

    public boolean isUnreachable() {
        return unreachable;
    }

    public List<Problem> problems() {
        return problems;
    }
}
