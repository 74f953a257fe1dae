package io.tulle.proxy.route;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.tulle.model.match.PathMatch;
import io.tulle.model.policy.PathRewrite;
import java.util.Optional;

/** What becomes of a path on its way: known once a route and the match by which it was chosen are known. */
public sealed interface PathEdit {
    /** The path to forward; the query string stays as it is and is not part of it. */
    String apply(String path);

    /** Leaves it alone. */
    record Keep() implements PathEdit {
        @Override
        public String apply(String path) {
            return path;
        }
    }

    /** Another path altogether. */
    record Replace(String with) implements PathEdit {
        @Override
        public String apply(String path) {
            return with;
        }
    }

    /**
     * Puts {@code with} in place of the first {@code length} characters. Whole segments follow Gateway API's table
     * (HTTPPathModifier.replacePrefixMatch): a slash at the end of either prefix means nothing, and what follows keeps
     * its own. Characters follow Istio (HTTPRewrite.uri), except that a double slash is never made at the seam.
     */
    record SwapPrefix(int length, String with, boolean segments) implements PathEdit {
        @Override
        public String apply(String path) {
            var rest = path.substring(Math.min(length, path.length()));
            if (with.endsWith("/") && (segments || rest.startsWith("/"))) {
                return rooted(with.substring(0, with.length() - 1) + rest);
            }
            return rooted(with + rest);
        }
    }

    /** Replaces what an expression matches, wherever it does. */
    final class Substitute implements PathEdit {
        private final Pattern pattern;
        private final String with;

        /** @param with as RE2 writes it */
        Substitute(String expression, String with) {
            this.pattern = Pattern.compile(expression);
            this.with = with;
        }

        @Override
        public String apply(String path) {
            var matcher = pattern.matcher(path);
            var text = new StringBuilder(path.length() + 16);
            var from = 0;
            while (matcher.find()) {
                text.append(path, from, matcher.start());
                append(text, matcher);
                from = matcher.end();
            }
            return rooted(text.append(path, from, path.length()).toString());
        }

        private void append(StringBuilder text, Matcher matcher) {
            for (int i = 0; i < with.length(); i++) {
                var c = with.charAt(i);
                if (c != '\\') {
                    text.append(c);
                    continue;
                }
                var what = with.charAt(++i);
                if (what == '\\') text.append(what);
                else if (matcher.group(what - '0') != null) text.append(matcher.group(what - '0'));
            }
        }
    }

    PathEdit KEEP = new Keep();

    /** The edit for one match of a route: a prefix can only be replaced by who knows which prefix it was. */
    static PathEdit compile(Optional<PathRewrite> rewrite, Optional<PathMatch> match) {
        if (rewrite.isEmpty()) return KEEP;
        return switch (rewrite.get()) {
            case PathRewrite.Full(var path) -> new Replace(rooted(path));
            case PathRewrite.Substitute(var expression, var with) -> new Substitute(expression, with);
            case PathRewrite.Prefix(var with) -> match.map(m -> swap(m, with)).orElse(new SwapPrefix(0, with, true));
        };
    }

    private static PathEdit swap(PathMatch match, String with) {
        return switch (match) {
            case PathMatch.Prefix(var prefix) -> new SwapPrefix(prefix.equals("/") ? 0 : prefix.length(), with, true);
            case PathMatch.StringPrefix(var prefix) -> new SwapPrefix(prefix.length(), with, false);
            // What matched was the whole path (Envoy does the same with prefix_rewrite on a path or a regex).
            case PathMatch.Exact _, PathMatch.Regex _, PathMatch.StringSuffix _ -> new Replace(rooted(with));
        };
    }

    private static String rooted(String path) {
        return path.startsWith("/") ? path : "/" + path;
    }
}
