package io.tulle.model.policy;

import com.google.re2j.Pattern;

/** How a path changes before it is forwarded. */
public sealed interface PathRewrite {
    /** Replaces the whole path, the query string stays (Gateway API ReplaceFullPath). */
    record Full(String path) implements PathRewrite {}

    /** Replaces the prefix that the route matched (ReplacePrefixMatch, Istio's {@code uri} on a prefix match). */
    record Prefix(String with) implements PathRewrite {}

    /**
     * Replaces each part of the path that an expression matches, the query string stays (Istio's {@code uriRegexRewrite},
     * Envoy's {@code regex_rewrite}).
     *
     * @param expression RE2 syntax
     * @param with {@code \1} to {@code \9} stand for what the groups matched, {@code \0} for all of it, {@code \\} for one backslash
     */
    record Substitute(String expression, String with) implements PathRewrite {
        public Substitute {
            var groups = Pattern.compile(expression).groupCount();
            for (int i = with.indexOf('\\'); i >= 0; i = with.indexOf('\\', i + 2)) {
                var next = i + 1 < with.length() ? with.charAt(i + 1) : ' ';
                if (next != '\\' && (next < '0' || next > '9' || next - '0' > groups))
                    throw new IllegalArgumentException("'" + with + "' names a group that '" + expression
                            + "' does not have: a backslash stands before a digit or another backslash");
            }
        }
    }
}
