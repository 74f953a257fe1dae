package io.tulle.dialects.compose;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The words of a Dockerfile's instruction: quotes taken away and variables of ARG and ENV put in ({@code $A}, {@code ${A}},
 * {@code ${A:-else}}, {@code ${A:+instead}} and the same without the colon). A variable that nobody set is empty.
 */
final class DockerWords {
    private final String text;
    private final char escape;
    private final Function<String, Optional<String>> variables;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean isWord;
    private int at;

    private DockerWords(String text, char escape, Function<String, Optional<String>> variables) {
        this.text = text;
        this.escape = escape;
        this.variables = variables;
    }

    static List<String> of(String text, char escape, Function<String, Optional<String>> variables) {
        var reader = new DockerWords(text, escape, variables);
        reader.read(true);
        return reader.words;
    }

    /** The whole text as one word, its spaces kept. */
    static String one(String text, char escape, Function<String, Optional<String>> variables) {
        var reader = new DockerWords(text, escape, variables);
        reader.read(false);
        return reader.words.isEmpty() ? "" : reader.words.getFirst();
    }

    private void read(boolean splits) {
        while (at < text.length()) {
            var c = text.charAt(at);
            if (splits && Character.isWhitespace(c)) {
                end();
                at++;
                continue;
            }
            isWord = true;
            at++;
            if (c == '\'') single();
            else if (c == '"') doubled();
            else piece(c);
        }
        end();
    }

    private void end() {
        if (isWord) words.add(word.toString());
        word.setLength(0);
        isWord = false;
    }

    private void single() {
        for (; at < text.length() && text.charAt(at) != '\''; at++) word.append(text.charAt(at));
        at++;
    }

    private void doubled() {
        while (at < text.length() && text.charAt(at) != '"') {
            var c = text.charAt(at++);
            var next = at < text.length() ? text.charAt(at) : ' ';
            if (c == escape && next != '"' && next != '$' && next != escape) word.append(c);
            else piece(c);
        }
        at++;
    }

    private void piece(char c) {
        if (c == escape && at < text.length()) word.append(text.charAt(at++));
        else if (c == '$' && at < text.length()) variable();
        else word.append(c);
    }

    private void variable() {
        if (text.charAt(at) == '{') {
            var close = closing(at + 1);
            if (close > 0) {
                word.append(braced(text.substring(at + 1, close)));
                at = close + 1;
                return;
            }
        }
        var from = at;
        while (at < text.length() && isOfName(text.charAt(at))) at++;
        if (at == from) word.append('$');
        else word.append(variables.apply(text.substring(from, at)).orElse(""));
    }

    private String braced(String inside) {
        var end = 0;
        while (end < inside.length() && isOfName(inside.charAt(end))) end++;
        var value = variables.apply(inside.substring(0, end));
        if (end == inside.length()) return value.orElse("");
        var colon = inside.charAt(end) == ':';
        var operator = end + (colon ? 1 : 0);
        if (operator >= inside.length()) return "";
        var set = value.filter(found -> !colon || !found.isEmpty());
        var other = inside.substring(operator + 1);
        return switch (inside.charAt(operator)) {
            case '-' -> set.orElseGet(() -> one(other, escape, variables));
            case '+' -> set.isPresent() ? one(other, escape, variables) : "";
            default -> value.orElse(""); // ${A#…} and its like: patterns are not cut
        };
    }

    private int closing(int from) {
        var open = 1;
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) == '{') open++;
            else if (text.charAt(i) == '}' && --open == 0) return i;
        }
        return -1;
    }

    private static boolean isOfName(char c) {
        return c == '_' || (c < 128 && Character.isLetterOrDigit(c));
    }
}
