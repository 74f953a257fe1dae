package io.tulle.control.identity;

import java.time.Duration;

/** What an operator asks of a new token: whom it admits, how often (1 to 10,000) and for how long (1 s to 30 days). */
public record TokenTerms(String namespace, String account, int uses, Duration life) {}
