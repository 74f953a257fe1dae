package io.tulle.model;

/**
 * Text that strangers may have written, as one line that a terminal and a log reader show as it is: control characters, line
 * separators and marks that turn the direction of writing are told by their numbers.
 */
public final class OneLine {
    private static final String FIX = "\n  fix: ";

    private OneLine() {}

    /** The same of what is wrong and how it is mended, in two lines: a line break is Tulle's own only before a fix. */
    public static String withFix(String text) {
        var fix = text.indexOf(FIX);
        return fix < 0 ? of(text) : of(text.substring(0, fix)) + FIX + of(text.substring(fix + FIX.length()));
    }

    /** The same text where it holds nothing of that kind, which is nearly always. */
    public static String of(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isHidden(text.charAt(i))) return encoded(text);
        }
        return text;
    }

    private static String encoded(String text) {
        var line = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    if (isHidden(c)) line.append("\\u").append(hex(c));
                    else line.append(c);
                }
            }
        }
        return line.toString();
    }

    private static String hex(char c) {
        return java.util.HexFormat.of().toHexDigits(c);
    }

    private static boolean isHidden(char c) {
        if (c >= ' ' && c < 0x7f) return false;
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
