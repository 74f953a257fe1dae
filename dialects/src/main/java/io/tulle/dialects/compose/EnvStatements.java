package io.tulle.dialects.compose;

import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The statements of an environment file, one after the other; variables in values are left to the caller. */
final class EnvStatements {
    /** Those of a shell's echo; other backslashes stay. */
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:[abfnrtv$\"\\\\]|0[0-7]{3})");

    private static final Map<Character, String> ESCAPED = Map.of(
            'a', "\u0007",
            'b', "\b",
            'f', "\f",
            'n', "\n",
            'r', "\r",
            't', "\t",
            'v', "\u000b",
            '$', "$$", // a dollar sign that starts no variable
            '"', "\"",
            '\\', "\\");

    private final String text;
    private int at;
    private int line = 1;

    EnvStatements(String text) {
        this.text = text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** @param line where it begins, from 1 */
    record Statement(String key, Value value, int line) {}

    sealed interface Value {
        /** A key alone. */
        record Inherited() implements Value {}

        /** In single quotes. */
        record Literal(String text) implements Value {}

        /** Bare or in double quotes: variables are replaced. */
        record Template(String text) implements Value {}
    }

    /** Compose refuses the file here. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1;
        private final int line;

        private Unreadable(int line, String message) {
            super(message, null, false, false);
            this.line = line;
        }

        int line() {
            return line;
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }

    /** The next statement; empty at the end. */
    Optional<Statement> next() throws Unreadable {
        skipToStatement();
        if (at == text.length()) return Optional.empty();
        var begin = line;
        skipExport();
        var start = at;
        while (at < text.length() && "=:\n".indexOf(text.charAt(at)) < 0) isOfKey(start);
        var key = text.substring(start, at).strip();
        if (key.isEmpty()) throw unreadable("a value without a name");
        if (key.chars().anyMatch(EnvStatements::isBlank)) throw unreadable("the name '" + key + "' has a space");
        if (at == text.length() || text.charAt(at) == '\n') {
            return Optional.of(new Statement(key, new Value.Inherited(), begin));
        }
        at++;
        while (at < text.length() && isBlank(text.charAt(at))) at++;
        return Optional.of(new Statement(key, value(key), begin));
    }

    private void isOfKey(int start) throws Unreadable {
        var c = text.charAt(at);
        if (!Character.isLetterOrDigit(c) && "_.-[]".indexOf(c) < 0 && !isBlank(c)) {
            var end = text.indexOf('\n', start);
            var shown = text.substring(start, Math.min(end < 0 ? text.length() : end, start + 40));
            throw unreadable("'" + c + "' cannot stand in the name of a variable: " + shown);
        }
        at++;
    }

    private void skipToStatement() {
        for (; at < text.length(); at++) {
            var c = text.charAt(at);
            if (c == '#') {
                var end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
                if (at == text.length()) return;
            } else if (!Character.isWhitespace(c) && !isBlank(c)) {
                return;
            }
            if (text.charAt(at) == '\n') line++;
        }
    }

    private void skipExport() {
        var end = at + "export".length();
        if (!text.startsWith("export", at) || end >= text.length() || !isBlank(text.charAt(end))) return;
        at = end;
        while (at < text.length() && isBlank(text.charAt(at))) at++;
    }

    private Value value(String key) throws Unreadable {
        var first = at < text.length() ? text.charAt(at) : '\n';
        if (first != '"' && first != '\'') return new Value.Template(bare());
        var inside = quoted(key, first);
        return first == '\'' ? new Value.Literal(inside) : new Value.Template(unescaped(inside));
    }

    private String bare() {
        var end = text.indexOf('\n', at);
        var value = text.substring(at, end < 0 ? text.length() : end);
        at = end < 0 ? text.length() : end;
        var comment = value.indexOf(" #");
        return (comment < 0 ? value : value.substring(0, comment)).stripTrailing();
    }

    /** What stands between the quotes, over lines; only an escaped quote loses its backslash here. */
    private String quoted(String key, char quote) throws Unreadable {
        var opened = line;
        var out = new StringBuilder();
        for (at++; at < text.length(); at++) {
            var c = text.charAt(at);
            if (c == quote) {
                at++;
                return out.toString();
            }
            if (c == '\\' && at + 1 < text.length()) {
                var next = text.charAt(++at);
                if (next != quote) out.append(c);
                out.append(next);
                if (next == '\n') line++;
                continue;
            }
            if (c == '\n') line++;
            out.append(c);
        }
        throw new Unreadable(opened, "the value of " + key + " has a quote that is not closed");
    }

    private static String unescaped(String inside) {
        return ESCAPE.matcher(inside).replaceAll(found -> Matcher.quoteReplacement(meant(found)));
    }

    private static String meant(MatchResult found) {
        var octal = found.group().length() == 5;
        if (!octal) return ESCAPED.getOrDefault(found.group().charAt(1), found.group());
        var code = Integer.parseInt(found.group().substring(2), 8);
        return code > 255 ? found.group() : String.valueOf((char) code);
    }

    private Unreadable unreadable(String message) {
        return new Unreadable(line, message);
    }

    /** White space that does not end a line. */
    private static boolean isBlank(int c) {
        return c == ' ' || c == '\t' || c == '\u000b' || c == '\f' || c == '\r' || c == '\u0085' || c == '\u00a0';
    }
}
