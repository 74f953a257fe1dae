package io.tulle.model;

/**
 * A code of one room, as an enum of that room lists it: what it means, and the problems that carry it. Every code that Tulle
 * prints is a constant of such an enum; nobody else writes its text (the tests of the house hold this).
 */
public interface ErrorCode {
    /** What {@code tulle help} says of it. */
    Explanation explanation();

    /** Such as {@code TUL1204}. */
    default String code() {
        return explanation().code();
    }

    default String title() {
        return explanation().title();
    }

    default String fix() {
        return explanation().fix();
    }

    /** The code's title is all there is to say. */
    default Problem problem() {
        return problem(title());
    }

    default Problem problem(String message) {
        return problem(message, fix());
    }

    /** With a better fix than the code's own, because it is known what was meant. */
    default Problem problem(String message, String how) {
        return Problem.error(code(), message, how);
    }

    /** The same as something that can be lived with. */
    default Problem warning(String message) {
        return warning(message, fix());
    }

    default Problem warning(String message, String how) {
        return Problem.warning(code(), message, how);
    }
}
