package io.tulle.control.identity;

import io.tulle.model.Problem;
import java.util.Optional;
import java.util.function.Function;

/** What came in from outside, after a look at it: fit for use, or refused with a reason that the caller may hear. */
public sealed interface Checked<T> {
    record Fit<T>(T value) implements Checked<T> {}

    record Refused<T>(Problem problem) implements Checked<T> {}

    static <T> Checked<T> fit(T value) {
        return new Fit<>(value);
    }

    static <T> Checked<T> refused(Problem problem) {
        return new Refused<>(problem);
    }

    /** Goes on with what is fit; the first refusal is the answer. */
    default <R> Checked<R> then(Function<? super T, Checked<R>> next) {
        return switch (this) {
            case Fit<T>(var value) -> next.apply(value);
            case Refused<T>(var problem) -> new Refused<>(problem);
        };
    }

    default Optional<Problem> refusal() {
        return switch (this) {
            case Fit<T> _ -> Optional.empty();
            case Refused<T>(var problem) -> Optional.of(problem);
        };
    }

    default Optional<T> accepted() {
        return switch (this) {
            case Fit<T>(var value) -> Optional.of(value);
            case Refused<T> _ -> Optional.empty();
        };
    }
}
