package io.tulle.model.match;

import com.google.re2j.Pattern;

/** How an operator says that a text (a header's value, a method, a principal) should match. Case counts. */
public sealed interface TextMatch {
    record Exact(String value) implements TextMatch {}

    record Prefix(String prefix) implements TextMatch {}

    record Suffix(String suffix) implements TextMatch {}

    /** RE2 syntax, against the whole text. */
    record Regex(String expression) implements TextMatch {
        public Regex {
            Pattern.compile(expression);
        }
    }

    /** Anything, as long as it is there and not empty (Istio's {@code *}). */
    record Present() implements TextMatch {}

    /** Reads Istio's authorization strings: {@code a}, {@code a*}, {@code *a} and {@code *} (security/v1beta1, Rule). */
    static TextMatch ofWildcard(String text) {
        if (text.equals("*")) return new Present();
        if (text.startsWith("*")) return new Suffix(text.substring(1));
        if (text.endsWith("*")) return new Prefix(text.substring(0, text.length() - 1));
        return new Exact(text);
    }
}
