package io.tulle.dialects.kind;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import java.util.Locale;
import java.util.Set;

/** What may be put into a message without breaking it: no policy may be a way to smuggle one request inside another. */
public final class HttpWords {
    private static final Set<String> FRAMING = Set.of(
            "host",
            "content-length",
            "transfer-encoding",
            "connection",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "upgrade");

    /** What each request has as HTTP/2 tells it (RFC 9113, 8.3.1). */
    private static final Set<String> PSEUDO = Set.of(":method", ":scheme", ":authority", ":path");

    private HttpWords() {}

    /** Reports a header that cannot be, or must not be, changed. */
    public static void checkName(FieldReader fields, String field, String name) {
        if (!isToken(name)) {
            fields.problem(Codes.BAD_HEADER, field, "has the name '" + shown(name) + "'");
        } else if (FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
            fields.problem(Codes.FRAMING_HEADER, field, "changes " + name);
        }
    }

    /** Whether a request can have a header of that name, {@code :authority} and its like too; reported where it cannot. */
    public static boolean checkMatchName(FieldReader fields, String field, String name) {
        var good = name.startsWith(":") ? PSEUDO.contains(name) : isToken(name);
        if (!good) fields.problem(Codes.BAD_HEADER, field, "has the name '" + shown(name) + "'");
        return good;
    }

    /** Reports a value that is more than one line. */
    public static void checkValue(FieldReader fields, String field, String value) {
        var good = value.chars().allMatch(c -> c == '\t' || (c >= 0x20 && c != 0x7f && c <= 0xff));
        if (!good) fields.problem(Codes.BAD_HEADER, field, "has the value '" + shown(value) + "'");
    }

    /** Reports a text that is longer than its kind's schema has it. */
    public static void checkLength(FieldReader fields, String field, String text, int most) {
        if (text.length() <= most) return;
        fields.problem(
                Codes.OUT_OF_RANGE,
                field,
                "has " + text.length() + " characters, and " + most + " are allowed",
                "shorten it");
    }

    /** Reports a path that cannot stand in a request line. */
    public static void checkPath(FieldReader fields, String field, String path) {
        var good = path.startsWith("/") && path.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '#');
        if (!good)
            fields.problem(
                    Codes.BAD_TARGET, field, "cannot be '" + shown(path) + "'", "write a path that starts with '/'");
    }

    /** Reports an authority that is no host, perhaps with a port. */
    public static void checkAuthority(FieldReader fields, String field, String authority) {
        var colon = authority.lastIndexOf(':');
        var bracket = authority.lastIndexOf(']');
        var host = colon > bracket ? authority.substring(0, colon) : authority;
        var port = colon > bracket ? authority.substring(colon + 1) : "80";
        var bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        var good = (Hosts.isName(bare) || Addresses.isAddress(bare)) && port.matches("[1-9][0-9]{0,4}");
        if (!good)
            fields.problem(Codes.BAD_TARGET, field, "cannot be '" + shown(authority) + "'", "write HOST or HOST:PORT");
    }

    /** RFC 9110 section 5.6.2. */
    public static boolean isToken(String name) {
        return !name.isEmpty()
                && name.length() <= 256
                && name.chars()
                        .allMatch(c -> (c >= '0' && c <= '9')
                                || (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z')
                                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
    }

    /** A foreign text as a message may show it: one line, and short. */
    public static String shown(String text) {
        var plain = text.replaceAll("[^\\x20-\\x7e]", "?");
        return plain.length() <= 80 ? plain : plain.substring(0, 80) + "…";
    }
}
