package io.tulle.model.match;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Makes one path of the many ways to write it, once, before anything looks at it (Istio's pathNormalization, Envoy's
 * normalize_path, merge_slashes and path_with_escaped_slashes_action): RFC 3986 section 6.2.2, and {@code \} is {@code /}
 * because some servers think so. Doing it twice changes nothing: otherwise the next proxy would read a path that no policy
 * here has judged.
 */
public final class PathNormalizer {
    /** How much is done, by Istio's names. */
    public enum Mode {
        /** Only the fragment goes. */
        NONE,
        /** Unreserved characters are decoded, other escapes in upper case, dot segments resolved, backslashes turned. Istio's default. */
        BASE,
        /** And slashes in a row are one. */
        MERGE_SLASHES,
        /** And escaped slashes are decoded first. */
        DECODE_AND_MERGE_SLASHES
    }

    private final Mode mode;

    public PathNormalizer(Mode mode) {
        this.mode = mode;
    }

    /**
     * The path in its one form; empty when it cannot be let in: it holds an escaped NUL, or a {@code %} without two
     * hexadecimal digits, which some readers would decode a second time (RFC 3986 section 2.1 has no such thing).
     */
    public Optional<String> normalize(String raw) {
        if (isPlain(raw)) return Optional.of(raw);
        if (!isEscapedWell(raw)) return Optional.empty();
        var fragment = raw.indexOf('#');
        var path = fragment < 0 ? raw : raw.substring(0, fragment);
        if (mode == Mode.NONE) return Optional.of(path);
        if (path.contains("%00")) return Optional.empty();
        var merge = mode == Mode.MERGE_SLASHES || mode == Mode.DECODE_AND_MERGE_SLASHES;
        var resolved = resolve(decode(path));
        return Optional.of(merge ? merge(resolved) : resolved);
    }

    /** Nearly every path: nothing in it that any mode changes. */
    private static boolean isPlain(String path) {
        char before = 0;
        for (int i = 0; i < path.length(); i++) {
            var c = path.charAt(i);
            if (c == '%' || c == '\\' || c == '#' || ((c == '/' || c == '.') && before == '/')) return false;
            before = c;
        }
        return true;
    }

    private String decode(String path) {
        var slashes = mode == Mode.DECODE_AND_MERGE_SLASHES;
        var out = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            var c = path.charAt(i);
            var octet = c == '%' ? octet(path, i) : -1;
            if (isUnreserved(octet)) out.append((char) octet);
            else if (slashes && (octet == '/' || octet == '\\')) out.append('/');
            else if (octet >= 0) out.append(escape(octet));
            else out.append(c == '\\' ? '/' : c);
            if (octet >= 0) i += 2;
        }
        return out.toString();
    }

    /** RFC 3986 section 5.2.4, with an empty segment counting as a segment. */
    private static String resolve(String path) {
        if (!path.startsWith("/") || !path.contains("/.")) return path;
        var kept = new ArrayList<String>();
        var segments = path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            var last = i == segments.length - 1;
            switch (segments[i]) {
                case "." -> {
                    if (last) kept.add("");
                }
                case ".." -> {
                    if (!kept.isEmpty()) kept.removeLast();
                    if (last) kept.add("");
                }
                default -> kept.add(segments[i]);
            }
        }
        return "/" + String.join("/", kept);
    }

    private static String merge(String path) {
        var out = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            var c = path.charAt(i);
            if (c != '/' || out.isEmpty() || out.charAt(out.length() - 1) != '/') out.append(c);
        }
        return out.toString();
    }

    private static boolean isEscapedWell(String path) {
        for (int at = path.indexOf('%'); at >= 0; at = path.indexOf('%', at + 1)) {
            if (octet(path, at) < 0) return false;
        }
        return true;
    }

    /** RFC 3986 section 6.2.2.1: two spellings of one escape are one path, and upper case is its form. */
    private static String escape(int octet) {
        return "%" + HexFormat.of().withUpperCase().toHexDigits((byte) octet);
    }

    private static int octet(String path, int at) {
        if (at + 2 >= path.length()) return -1;
        var high = hex(path.charAt(at + 1));
        var low = hex(path.charAt(at + 2));
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }

    private static int hex(char c) {
        return c < 128 ? Character.digit(c, 16) : -1;
    }

    private static boolean isUnreserved(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }
}
