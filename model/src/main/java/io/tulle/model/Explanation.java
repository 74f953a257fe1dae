package io.tulle.model;

/** What `tulle help TULnnnn` says of a code: each room lists its own, and no code is printed that is not listed. */
public record Explanation(String code, String title, String cause, String fix) {}
