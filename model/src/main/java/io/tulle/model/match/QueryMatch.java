package io.tulle.model.match;

/** A condition on one query parameter, after percent-decoding; of a repeated one the first counts. */
public record QueryMatch(String name, TextMatch value) {
    public QueryMatch {
        if (name.isEmpty()) throw new IllegalArgumentException("a condition on a query parameter has no name");
    }
}
