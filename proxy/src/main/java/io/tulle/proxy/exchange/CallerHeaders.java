package io.tulle.proxy.exchange;

import io.tulle.proxy.message.Connection;
import io.tulle.proxy.message.Headers;
import io.tulle.proxy.tls.Peer;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Puts a request's mesh headers in order before anything looks at them. Identity is never taken from a header: what a
 * caller says of certificates goes, and at the mesh port the proved identity is written in its place (Istio's
 * forward_client_cert SANITIZE_SET). At a published door nothing internal is let in. A name counts as every server may read
 * it: CGI and WSGI make {@code X_FORWARDED_CLIENT_CERT} of hyphens and underscores alike (Envoy's
 * headers_with_underscores_action).
 */
final class CallerHeaders {
    private static final String CERTIFICATE = "x-forwarded-client-cert";

    private CallerHeaders() {}

    /** Returns the request's id, the caller's own where it can be kept. */
    static String settle(Connection connection, Headers headers, RandomGenerator random) {
        headers.remove(CERTIFICATE);
        removeAll(
                headers,
                name -> isDisguised(name) || (connection.side() == Connection.Side.DOOR && isInternal(folded(name))));
        switch (connection.side()) {
            case DOOR -> atDoor(connection, headers);
            case INBOUND -> identity(connection.peer()).ifPresent(told -> headers.add(CERTIFICATE, told));
            case OUTBOUND -> {}
        }
        if (!headers.has("x-forwarded-proto")) headers.add("x-forwarded-proto", connection.scheme());
        var own = headers.first("x-request-id").filter(RequestIds::isKept);
        var id = own.orElseGet(() -> RequestIds.draw(random));
        if (own.isEmpty() || headers.countOf("x-request-id") > 1) headers.set("x-request-id", id);
        return id;
    }

    /** What a request may not say in its head it may not say at its end: some servers merge the two. */
    static void settleTrailers(Headers trailers) {
        removeAll(trailers, name -> isIdentity(folded(name)) || isInternal(folded(name)));
    }

    /** A name that is none of these, and that some servers would read as one of them. */
    private static boolean isDisguised(String name) {
        var folded = folded(name);
        return !folded.equals(name) && isIdentity(folded);
    }

    /** What tells who asks, and what frames or addresses a message. */
    private static boolean isIdentity(String name) {
        return switch (name) {
            case CERTIFICATE,
                    "x-forwarded-for",
                    "x-forwarded-proto",
                    "x-forwarded-host",
                    "x-forwarded-port",
                    "x-real-ip",
                    "x-request-id",
                    "forwarded",
                    "authorization",
                    "cookie",
                    "host",
                    "content-length",
                    "transfer-encoding" -> true;
            default -> false;
        };
    }

    private static boolean isInternal(String name) {
        return name.startsWith("x-envoy-") || name.startsWith("x-tulle-");
    }

    /** The same object where there is nothing to fold, which is nearly always. */
    private static String folded(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (isFolded(name.charAt(i))) return foldedFrom(name);
        }
        return name;
    }

    private static String foldedFrom(String name) {
        var folded = new StringBuilder(name);
        for (int i = 0; i < name.length(); i++) {
            if (isFolded(name.charAt(i))) folded.setCharAt(i, '-');
        }
        return folded.toString();
    }

    /** What a token may hold besides letters, digits and the hyphen (RFC 9110 section 5.6.2). */
    private static boolean isFolded(char c) {
        return !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-';
    }

    private static void removeAll(Headers headers, Predicate<String> which) {
        for (int i = headers.count() - 1; i >= 0; i--) {
            var name = headers.name(i);
            if (which.test(name)) headers.remove(name);
            i = Math.min(i, headers.count());
        }
    }

    private static void atDoor(Connection connection, Headers headers) {
        var from = connection.remote().getAddress().getHostAddress();
        headers.set(
                "x-forwarded-for",
                headers.joined("x-forwarded-for").map(f -> f + "," + from).orElse(from));
        headers.set("x-forwarded-proto", connection.scheme());
    }

    private static Optional<String> identity(Peer peer) {
        return peer.identity().map(id -> "URI=" + id.uri());
    }
}
