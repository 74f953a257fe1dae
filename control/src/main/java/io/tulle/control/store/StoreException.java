package io.tulle.control.store;

import io.tulle.model.Problem;

/** The store cannot do what a store does: the disk is full, the file is damaged or taken. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    StoreException(StoreCode code, String message, Throwable cause) {
        super(code.code() + " " + message, cause);
        this.problem = Problem.error(code.code(), message, code.explanation().fix());
    }

    StoreException(StoreCode code, String message) {
        super(code.code() + " " + message);
        this.problem = Problem.error(code.code(), message, code.explanation().fix());
    }

    public Problem problem() {
        return problem;
    }
}
