package io.tulle.xds;

import io.tulle.model.Problem;

/** What the control plane answers: the thing asked for, or why not. */
public sealed interface Reply<T> {
    record Granted<T>(T value) implements Reply<T> {}

    record Refused<T>(Problem problem) implements Reply<T> {}
}
