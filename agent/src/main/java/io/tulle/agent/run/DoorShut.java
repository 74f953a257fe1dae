package io.tulle.agent.run;

import io.tulle.model.Problem;

/** A port that it is to publish cannot be opened. */
public final class DoorShut extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Problem problem;

    DoorShut(Problem problem) {
        super(problem.message());
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
