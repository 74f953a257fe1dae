package io.tulle.model;

import java.util.Arrays;
import java.util.List;

/** A code of one room, as an enum of that room lists it: what it means, and the problems that carry it. */
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

    default Problem warning(String message) {
        return Problem.warning(code(), message, fix());
    }

    /** For {@code tulle help}: those of a whole enum. */
    static List<Explanation> explanations(ErrorCode... codes) {
        return Arrays.stream(codes).map(ErrorCode::explanation).toList();
    }
}
