package io.tulle.control.api;

import io.tulle.model.Problem;
import java.util.List;

/** A request that is not carried out; the door turns it into a Kubernetes Status. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ApiCode code;
    private final transient Subject subject;
    private final transient List<Problem> problems;

    /** @param problems what led to it, each with its own code; empty where the code says it all */
    Refusal(ApiCode code, String message, Subject subject, List<Problem> problems) {
        super(message);
        this.code = code;
        this.subject = subject;
        this.problems = List.copyOf(problems);
    }

    Refusal of(Subject about) {
        return new Refusal(code, String.valueOf(getMessage()), about, problems);
    }

    ApiCode code() {
        return code;
    }

    Subject subject() {
        return subject;
    }

    List<Problem> problems() {
        return problems.isEmpty()
                ? List.of(Problem.error(code.code(), String.valueOf(getMessage()), code.fix()))
                : problems;
    }
}
