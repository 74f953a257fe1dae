package io.tulle.proxy.nesttcp;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Draws patterns, and the many ways in which one pattern can be written down. */
final class Spellings {
    private static final List<String> WORDS = List.of(
            "sum",
            "cmd",
            "role",
            "a",
            "b",
            "B",
            "é",
            "😀",
            "user.created",
            "5",
            "-0",
            "true",
            "null",
            "",
            " ",
            "..",
            "a/b",
            "%41",
            "x=y;z",
            "[]",
            "{}",
            "a b",
            "ß",
            "1e3",
            "z");
    private static final List<String> NUMBERS =
            List.of("0", "5", "-1", "1.5", "100", "1e21", "1e-7", "9007199254740993");

    private final RandomGenerator random;

    Spellings(RandomGenerator random) {
        this.random = random;
    }

    /** A JSON value before it is written: text, number, word, object or array. */
    sealed interface Tree {
        record Text(String value) implements Tree {}

        record Raw(String json) implements Tree {}

        record Obj(Map<String, Tree> fields) implements Tree {}

        record Arr(List<Tree> items) implements Tree {}
    }

    Tree pattern() {
        return switch (random.nextInt(8)) {
            case 0, 1 -> new Tree.Text(word());
            case 2 -> new Tree.Raw(pick(NUMBERS));
            case 3 -> array(0);
            default -> object(0);
        };
    }

    private Tree value(int depth) {
        return switch (random.nextInt(depth > 1 ? 6 : 8)) {
            case 0, 1, 2 -> new Tree.Text(word());
            case 3, 4 -> new Tree.Raw(pick(NUMBERS));
            case 5 -> new Tree.Raw(pick(List.of("true", "false", "null")));
            case 6 -> object(depth + 1);
            default -> array(depth + 1);
        };
    }

    private Tree object(int depth) {
        var fields = new LinkedHashMap<String, Tree>();
        for (var i = random.nextInt(4); i >= 0; i--) fields.put(word(), value(depth));
        return new Tree.Obj(fields);
    }

    private Tree array(int depth) {
        var items = new ArrayList<Tree>();
        for (var i = random.nextInt(3); i > 0; i--) items.add(value(depth));
        return new Tree.Arr(items);
    }

    /** One spelling of it: keys in any order, escapes, white space, other ways to write a number, JSON inside strings. */
    String spelled(Tree tree) {
        var json = plainly(tree);
        return switch (random.nextInt(8)) {
            case 0, 1 -> quoted(json, 0);
            case 2 -> quoted(quoted(json, 0), random.nextInt(2));
            case 3 -> quoted(space() + json, 0);
            default -> space() + json;
        };
    }

    /** As {@code JSON.stringify} might, except for order, escapes and numbers. */
    String plainly(Tree tree) {
        return switch (tree) {
            case Tree.Text(var text) -> quoted(text, random.nextInt(3));
            case Tree.Raw(var json) -> number(json);
            case Tree.Obj(var fields) -> object(fields);
            case Tree.Arr(var items) ->
                random.nextInt(3) > 0
                        ? items.stream().map(this::plainly).collect(Collectors.joining(",", "[", "]"))
                        : object(indexed(items));
        };
    }

    private static Map<String, Tree> indexed(List<Tree> items) {
        var fields = new LinkedHashMap<String, Tree>();
        items.forEach(item -> fields.put(Integer.toString(fields.size()), item));
        return fields;
    }

    private String object(Map<String, Tree> fields) {
        var keys = new ArrayList<>(fields.keySet());
        Collections.shuffle(keys, java.util.Random.from(random));
        var parts = new ArrayList<String>();
        for (var key : keys) {
            var value = fields.get(key);
            parts.add(quoted(key, random.nextInt(3)) + space() + ":" + space() + plainly(value));
            // What a parser makes of a key that comes twice is its own affair.
            if (random.nextInt(60) == 0) parts.add(quoted(key, 1) + ":" + plainly(value(2)));
        }
        return "{" + space() + String.join(space() + ",", parts) + "}";
    }

    private String number(String json) {
        if (!Character.isDigit(json.charAt(json.length() - 1)) || json.contains("e") || random.nextInt(3) > 0)
            return json;
        return json + (json.contains(".") ? pick(List.of("0", "e0")) : pick(List.of(".0", "e0", "E+0", ".00e-0")));
    }

    /** @param escapes 0: only what must be; else some characters by their number */
    private String quoted(String text, int escapes) {
        var out = new StringBuilder("\"");
        for (var c : text.toCharArray()) {
            if (escapes > 0 && random.nextInt(4) == 0 && !Character.isSurrogate(c))
                out.append("\\u%04x".formatted((int) c));
            else if (c == '"' || c == '\\') out.append('\\').append(c);
            else if (c < 0x20) out.append("\\u%04x".formatted((int) c));
            else out.append(c);
        }
        return out.append('"').toString();
    }

    private String space() {
        return random.nextInt(8) == 0 ? pick(List.of(" ", "\t", "\n ", "\r")) : "";
    }

    private String word() {
        return pick(WORDS);
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
