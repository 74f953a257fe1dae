package io.tulle.dialects.reader;

import io.tulle.model.Problem;

/** Ends the reading of one document; never leaves the package. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    Refused(Problem problem) {
        super(problem.message(), null, false, false);
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
