package io.tulle.dialects.reader;

import java.util.List;
import java.util.regex.Pattern;

/** Nodes as YAML text in block style, as {@code kubectl get -o yaml} prints it. */
public final class Yaml {
    /** Surely plain text, in any YAML: all else is quoted. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./]([-A-Za-z0-9_./ @+]*[-A-Za-z0-9_./@+])?");

    /** YAML 1.1 takes these for booleans; quoted, so that older readers agree with us. */
    private static final Pattern OLD_BOOLEAN = Pattern.compile("(?i)y|n|yes|no|on|off");

    /** And these for numbers: octal, sexagesimal, with underscores. */
    private static final Pattern OLD_NUMBER = Pattern.compile("[-+.0-9][-+.0-9_:xXoOa-fA-F]*");

    private Yaml() {}

    public static String write(Node node) {
        var out = new StringBuilder();
        block(node, 0, out);
        return out.toString();
    }

    /** Several documents, divided by {@code ---}. */
    public static String write(List<? extends Node> documents) {
        return String.join("---\n", documents.stream().map(Yaml::write).toList());
    }

    private static void block(Node node, int indent, StringBuilder out) {
        switch (node) {
            case Node.Mapping mapping
            when !mapping.entries().isEmpty() -> {
                for (var entry : mapping.entries()) {
                    out.append(" ".repeat(indent));
                    entry(entry, indent, out);
                }
            }
            case Node.Sequence list
            when !list.items().isEmpty() -> {
                for (var item : list.items()) item(item, indent, out);
            }
            default -> out.append(" ".repeat(indent)).append(inline(node)).append('\n');
        }
    }

    private static void entry(Node.Entry entry, int indent, StringBuilder out) {
        out.append(scalar(entry.key())).append(':');
        if (isNested(entry.value())) {
            out.append('\n');
            block(entry.value(), entry.value() instanceof Node.Sequence ? indent : indent + 2, out);
        } else {
            out.append(' ').append(inline(entry.value())).append('\n');
        }
    }

    private static void item(Node item, int indent, StringBuilder out) {
        out.append(" ".repeat(indent)).append('-');
        switch (item) {
            case Node.Mapping mapping
            when isNested(mapping) -> {
                var first = true;
                for (var entry : mapping.entries()) {
                    out.append(first ? " " : " ".repeat(indent + 2));
                    entry(entry, indent + 2, out);
                    first = false;
                }
            }
            case Node.Sequence list
            when isNested(list) -> {
                out.append('\n');
                block(list, indent + 2, out);
            }
            default -> out.append(' ').append(inline(item)).append('\n');
        }
    }

    private static boolean isNested(Node node) {
        return switch (node) {
            case Node.Mapping mapping -> !mapping.entries().isEmpty();
            case Node.Sequence list -> !list.items().isEmpty();
            case Node.Text _, Node.Numeral _, Node.Bool _, Node.Null _ -> false;
        };
    }

    private static String inline(Node node) {
        return switch (node) {
            case Node.Mapping _ -> "{}";
            case Node.Sequence _ -> "[]";
            case Node.Text text -> scalar(text.value());
            case Node.Numeral number -> number.value().toString();
            case Node.Bool bool -> Boolean.toString(bool.value());
            case Node.Null _ -> "null";
        };
    }

    private static String scalar(String text) {
        var plain = PLAIN.matcher(text).matches()
                && !Scalars.isAmbiguous(text)
                && !OLD_BOOLEAN.matcher(text).matches()
                && !OLD_NUMBER.matcher(text).matches();
        return plain ? text : Json.quoted(text);
    }
}
