package io.tulle.model;

import java.util.Locale;
import java.util.Optional;

/**
 * A workload's identity, {@code spiffe://<trust domain>/ns/<namespace>/sa/<account>}: SPIFFE-ID standard sections 2.1 to
 * 2.4 (trust domain at most 255 characters of {@code [a-z0-9._-]}, segments of {@code [a-zA-Z0-9._-]}, whole id at most
 * 2048 bytes, no empty or dot segment, no port, query, fragment or percent-encoding).
 */
public record SpiffeId(String trustDomain, String path) implements Comparable<SpiffeId> {
    private static final String SCHEME = "spiffe://";

    public SpiffeId {
        var reason = complaint(trustDomain, path);
        if (reason.isPresent()) throw new IllegalArgumentException(reason.get());
    }

    /** The identity that Tulle, as Istio, gives to an account of a namespace. */
    public static SpiffeId of(String trustDomain, String namespace, String account) {
        return new SpiffeId(trustDomain, "/ns/" + namespace + "/sa/" + account);
    }

    /** Reads a URI; scheme and trust domain ignore case (section 2). Empty when it is no SPIFFE id. */
    public static Optional<SpiffeId> parse(String uri) {
        if (uri.length() > 2048 || !uri.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) return Optional.empty();
        var rest = uri.substring(SCHEME.length());
        var slash = rest.indexOf('/');
        var domain = (slash < 0 ? rest : rest.substring(0, slash)).toLowerCase(Locale.ROOT);
        var path = slash < 0 ? "" : rest.substring(slash);
        return complaint(domain, path).isPresent() ? Optional.empty() : Optional.of(new SpiffeId(domain, path));
    }

    /** The namespace, where the path has the form {@code /ns/<namespace>/sa/<account>}. */
    public Optional<String> namespace() {
        return segment(1);
    }

    /** The service account, where the path has the form {@code /ns/<namespace>/sa/<account>}. */
    public Optional<String> account() {
        return segment(3);
    }

    /** Istio's principal: the id without its scheme, {@code tulle/ns/shop/sa/cart}. */
    public String principal() {
        return trustDomain + path;
    }

    public String uri() {
        return SCHEME + trustDomain + path;
    }

    @Override
    public int compareTo(SpiffeId other) {
        return uri().compareTo(other.uri());
    }

    @Override
    public String toString() {
        return uri();
    }

    private Optional<String> segment(int index) {
        var parts = path.split("/", -1);
        var known = parts.length == 5 && parts[1].equals("ns") && parts[3].equals("sa");
        return known ? Optional.of(parts[index + 1]) : Optional.empty();
    }

    private static Optional<String> complaint(String domain, String path) {
        if (domain.isEmpty() || domain.length() > 255) return Optional.of("a trust domain has 1 to 255 characters");
        if (!domain.chars().allMatch(c -> isLower(c) || isDigit(c) || c == '.' || c == '-' || c == '_')) {
            return Optional.of("a trust domain is made of a-z, 0-9, '.', '-' and '_', not '" + domain + "'");
        }
        if (path.isEmpty()) return Optional.empty();
        if (path.charAt(0) != '/' || SCHEME.length() + domain.length() + path.length() > 2048) {
            return Optional.of("a SPIFFE path starts with '/' and the id has at most 2048 bytes");
        }
        for (var segment : path.substring(1).split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return Optional.of("a SPIFFE path has no empty and no dot segment: '" + path + "'");
            }
            if (!segment.chars().allMatch(SpiffeId::isPathCharacter)) {
                return Optional.of(
                        "a SPIFFE path segment is made of letters, digits, '.', '-' and '_': '" + path + "'");
            }
        }
        return Optional.empty();
    }

    private static boolean isPathCharacter(int c) {
        return isLower(c) || isDigit(c) || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '_';
    }

    private static boolean isLower(int c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }
}
