package io.tulle.control.identity;

import io.tulle.model.Problem;

/** The authority or its stores cannot work at all: nothing that a joining workload could mend, so not a {@link Checked}. */
public final class IdentityException extends RuntimeException {
    private final transient Problem problem;

    public IdentityException(Problem problem) {
        super(problem.explained());
        this.problem = problem;
    }

    public IdentityException(Problem problem, Throwable cause) {
        super(problem.explained(), cause);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
