package io.tulle.dialects.reader;

import java.util.Comparator;
import java.util.List;

/** Nodes as JSON text. */
public final class Json {
    private Json() {}

    /** Without spaces, keys in the order written. */
    public static String compact(Node node) {
        var out = new StringBuilder();
        write(node, false, out);
        return out.toString();
    }

    /** Without spaces, keys sorted: two nodes say the same exactly when these texts are equal. */
    public static String canonical(Node node) {
        var out = new StringBuilder();
        write(node, true, out);
        return out.toString();
    }

    /** A text as a JSON string, quotes included. A YAML double-quoted scalar too. */
    public static String quoted(String text) {
        var out = new StringBuilder();
        quote(text, out);
        return out.toString();
    }

    private static void write(Node node, boolean sorted, StringBuilder out) {
        switch (node) {
            case Node.Mapping mapping -> writeEntries(mapping.entries(), sorted, out);
            case Node.Sequence list -> {
                out.append('[');
                for (int i = 0; i < list.items().size(); i++) {
                    if (i > 0) out.append(',');
                    write(list.items().get(i), sorted, out);
                }
                out.append(']');
            }
            case Node.Text text -> quote(text.value(), out);
            case Node.Numeral number -> out.append(number.value());
            case Node.Bool bool -> out.append(bool.value());
            case Node.Null _ -> out.append("null");
        }
    }

    private static void writeEntries(List<Node.Entry> entries, boolean sorted, StringBuilder out) {
        var ordered = sorted
                ? entries.stream().sorted(Comparator.comparing(Node.Entry::key)).toList()
                : entries;
        out.append('{');
        for (int i = 0; i < ordered.size(); i++) {
            if (i > 0) out.append(',');
            quote(ordered.get(i).key(), out);
            out.append(':');
            write(ordered.get(i).value(), sorted, out);
        }
        out.append('}');
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (needsEscape(text, i)) out.append("\\u%04x".formatted((int) c));
                    else out.append(c);
                }
            }
        }
        out.append('"');
    }

    /** What a terminal would not show as it is, lone surrogates, and what YAML counts as line breaks, spaces or a byte order mark. */
    private static boolean needsEscape(String text, int i) {
        var c = text.charAt(i);
        if (c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029 || c >= 0xFFFE) return true;
        if (c > 0x9f && Character.getType(c) == Character.FORMAT)
            return true; // turns the direction of writing, or is not seen
        if (Character.isHighSurrogate(c))
            return i + 1 >= text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }
}
