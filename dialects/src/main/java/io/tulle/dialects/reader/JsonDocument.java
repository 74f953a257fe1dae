package io.tulle.dialects.reader;

import io.tulle.dialects.code.Codes;
import io.tulle.model.Problem;
import io.tulle.model.Problem.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** One JSON text (RFC 8259), strictly: no comments, no trailing commas, no second value after it. */
final class JsonDocument {
    private final String file;
    private final String text;
    private final Limits limits;
    private final List<Problem> problems = new ArrayList<>();
    private int at;
    private int line = 1;
    private int lineStart;
    private int nodes;

    JsonDocument(String file, String text, Limits limits) {
        this.file = file;
        this.text = text;
        this.limits = limits;
    }

    Reading read() {
        try {
            skipSpace();
            var node = value(1);
            skipSpace();
            if (at < text.length()) throw syntax("something follows the end of the document");
            return new Reading(problems.isEmpty() ? List.of(node) : List.of(), problems);
        } catch (Refused e) {
            problems.add(e.problem());
            return new Reading(List.of(), problems);
        }
    }

    private Node value(int depth) {
        var place = place();
        if (depth > limits.depth()) {
            throw new Refused(Codes.TOO_DEEP
                    .problem("values are nested more than " + limits.depth() + " deep")
                    .at(place));
        }
        if (problems.size() >= limits.problems()) {
            throw new Refused(Codes.TOO_MANY_PROBLEMS
                    .problem("the document has more than " + limits.problems() + " problems")
                    .at(place));
        }
        if (++nodes > limits.nodes()) {
            throw new Refused(Codes.TOO_MANY_NODES
                    .problem("the document has more than " + limits.nodes() + " values")
                    .at(place));
        }
        return switch (peek()) {
            case '{' -> object(place, depth);
            case '[' -> array(place, depth);
            case '"' -> new Node.Text(place, string());
            case 't' -> word("true", new Node.Bool(place, true));
            case 'f' -> word("false", new Node.Bool(place, false));
            case 'n' -> word("null", new Node.Null(place));
            default -> number(place);
        };
    }

    private Node object(Place place, int depth) {
        var entries = new LinkedHashMap<String, Node.Entry>();
        at++;
        skipSpace();
        if (peek() == '}') {
            at++;
            return new Node.Mapping(place, List.of());
        }
        while (true) {
            var keyPlace = place();
            if (peek() != '"') throw syntax("a key in double quotes was expected");
            var key = string();
            skipSpace();
            if (peek() != ':') throw syntax("':' was expected after a key");
            at++;
            skipSpace();
            var value = value(depth + 1);
            if (entries.putIfAbsent(key, new Node.Entry(keyPlace, key, value)) != null) {
                problems.add(Codes.DUPLICATE_KEY
                        .problem("the key '" + key + "' is written twice in one object")
                        .at(keyPlace));
            }
            if (ends('}')) return new Node.Mapping(place, List.copyOf(entries.values()));
        }
    }

    private Node array(Place place, int depth) {
        var items = new ArrayList<Node>();
        at++;
        skipSpace();
        if (peek() == ']') {
            at++;
            return new Node.Sequence(place, List.of());
        }
        while (true) {
            items.add(value(depth + 1));
            if (ends(']')) return new Node.Sequence(place, items);
        }
    }

    /** After a member: true at the closing character, false after a comma. */
    private boolean ends(char close) {
        skipSpace();
        var next = peek();
        if (next != close && next != ',') throw syntax("',' or '" + close + "' was expected");
        at++;
        if (next == close) return true;
        skipSpace();
        return false;
    }

    private Node word(String word, Node meaning) {
        if (!text.startsWith(word, at)) throw syntax("a value was expected");
        at += word.length();
        return meaning;
    }

    private Node number(Place place) {
        var from = at;
        while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) at++;
        var written = text.substring(from, at);
        if (!isJsonNumber(written)) {
            at = from;
            throw syntax("a value was expected");
        }
        return Scalars.number(written)
                .<Node>map(value -> new Node.Numeral(place, value))
                .orElseThrow(() -> new Refused(
                        Codes.NO_NUMBER.problem("a number out of reach").at(place)));
    }

    /** RFC 8259 section 6, by hand: at most one leading zero, digits on both sides of the point. */
    private static boolean isJsonNumber(String written) {
        var i = written.startsWith("-") ? 1 : 0;
        var whole = digits(written, i);
        if (whole == i || (whole - i > 1 && written.charAt(i) == '0')) return false;
        i = whole;
        if (i < written.length() && written.charAt(i) == '.') {
            var fraction = digits(written, i + 1);
            if (fraction == i + 1) return false;
            i = fraction;
        }
        if (i < written.length() && (written.charAt(i) == 'e' || written.charAt(i) == 'E')) {
            i++;
            if (i < written.length() && (written.charAt(i) == '+' || written.charAt(i) == '-')) i++;
            var exponent = digits(written, i);
            if (exponent == i) return false;
            i = exponent;
        }
        return i == written.length();
    }

    private static int digits(String text, int from) {
        var i = from;
        while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') i++;
        return i;
    }

    private String string() {
        var out = new StringBuilder();
        at++;
        while (true) {
            var c = peek();
            if (c < 0x20) throw syntax("a string ends or holds a raw control character");
            at++;
            if (c == '"') return out.toString();
            out.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() {
        var c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> hex();
            default -> throw syntax("no such escape");
        };
    }

    private char hex() {
        var value = 0;
        for (int i = 0; i < 4; i++) {
            var c = peek();
            var digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) throw syntax("four hexadecimal digits were expected");
            value = value * 16 + digit;
            at++;
        }
        return (char) value;
    }

    /** The next character, or NUL at the end: every caller then finds nothing that fits. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private void skipSpace() {
        while (at < text.length()) {
            var c = text.charAt(at);
            if (c != ' ' && c != '\t' && c != '\n' && c != '\r') return;
            at++;
            if (c == '\n') {
                line++;
                lineStart = at;
            }
        }
    }

    private Place place() {
        return new Place(file, line, at - lineStart + 1);
    }

    private Refused syntax(String what) {
        var end = at >= text.length() ? ", but the text ends" : "";
        return new Refused(Codes.JSON_SYNTAX.problem("not JSON: " + what + end).at(place()));
    }
}
