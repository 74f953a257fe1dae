package io.tulle.proxy.http1;

/** The classes of bytes that RFC 9110 section 5.6 and RFC 3986 name, as tables. */
public final class Octets {
    private static final boolean[] TOKEN = table("!#$%&'*+-.^_`|~");
    private static final boolean[] TARGET = visible();
    private static final boolean[] HOST = table("-._~!$&'()*+,;=:[]%");

    private Octets() {}

    /** tchar: what methods and field names are made of. */
    public static boolean isToken(byte b) {
        return b >= 0 && TOKEN[b];
    }

    /** VCHAR: a request target has no space, control or byte over 0x7e. */
    public static boolean isTarget(byte b) {
        return b >= 0 && TARGET[b];
    }

    /** Characters of uri-host and port. */
    public static boolean isHost(char c) {
        return c < 128 && HOST[c];
    }

    /** field-vchar, SP and HTAB; bytes over 0x7f are obs-text. */
    public static boolean isFieldValue(byte b) {
        return b >= 0x20 ? b != 0x7f : b < 0 || b == '\t';
    }

    public static boolean isSpace(byte b) {
        return b == ' ' || b == '\t';
    }

    public static boolean isDigit(int b) {
        return b >= '0' && b <= '9';
    }

    private static boolean[] visible() {
        var table = new boolean[128];
        for (int i = 0x21; i < 0x7f; i++) table[i] = true;
        return table;
    }

    private static boolean[] table(String marks) {
        var table = new boolean[128];
        for (int i = 0; i < marks.length(); i++) table[marks.charAt(i)] = true;
        for (char c = '0'; c <= '9'; c++) table[c] = true;
        for (char c = 'a'; c <= 'z'; c++) table[c] = true;
        for (char c = 'A'; c <= 'Z'; c++) table[c] = true;
        return table;
    }
}
