package io.tulle.model.match;

import com.google.re2j.Pattern;

/** How an operator says a path (or a canonical Nest TCP pattern) should match. Plain data: printed, compared, sent. */
public sealed interface PathMatch {
    /** The whole path, as normalised. */
    record Exact(String path) implements PathMatch {}

    /** Gateway API's PathPrefix, whole segments: {@code /a} and {@code /a/} match {@code /a} and {@code /a/b}, never {@code /ab}. */
    record Prefix(String path) implements PathMatch {
        public Prefix {
            if (path.length() > 1 && path.endsWith("/")) path = path.substring(0, path.length() - 1);
        }
    }

    /** Istio's prefix, by characters: {@code /a} matches {@code /ab} too. */
    record StringPrefix(String prefix) implements PathMatch {}

    /** A suffix, as {@code AuthorizationPolicy} paths may be written: {@code *.html}. */
    record StringSuffix(String suffix) implements PathMatch {}

    /** RE2 syntax, matched against the whole path in linear time; a bad expression cannot exist past this constructor. */
    record Regex(String expression) implements PathMatch {
        public Regex {
            Pattern.compile(expression);
        }
    }
}
