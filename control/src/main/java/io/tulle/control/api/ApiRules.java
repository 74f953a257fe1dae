package io.tulle.control.api;

/** What the API serves and asks. {@code version} is Tulle's own, shown by {@code /version}. */
public record ApiRules(KindTable kinds, Admission admission, Rollouts rollouts, String version) {}
