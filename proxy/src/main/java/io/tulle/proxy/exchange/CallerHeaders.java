package io.tulle.proxy.exchange;

import io.tulle.proxy.tls.Peer;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Puts a request's mesh headers in order before anything looks at them. Identity is never taken from a header: what a
 * caller says of certificates goes, and at the mesh port the proved identity is written in its place (Istio's
 * forward_client_cert SANITIZE_SET). At a published door nothing internal is let in.
 */
final class CallerHeaders {
    private CallerHeaders() {}

    /** Returns the request's id, the caller's own where it can be kept. */
    static String settle(Connection connection, Headers headers, RandomGenerator random) {
        headers.remove("x-forwarded-client-cert");
        switch (connection.side()) {
            case DOOR -> atDoor(connection, headers);
            case INBOUND -> identity(connection.peer()).ifPresent(told -> headers.add("x-forwarded-client-cert", told));
            case OUTBOUND -> {}
        }
        if (!headers.has("x-forwarded-proto")) headers.add("x-forwarded-proto", "http");
        var own = headers.first("x-request-id").filter(RequestIds::isKept);
        var id = own.orElseGet(() -> RequestIds.draw(random));
        if (own.isEmpty() || headers.countOf("x-request-id") > 1) headers.set("x-request-id", id);
        return id;
    }

    private static void atDoor(Connection connection, Headers headers) {
        for (int i = headers.count() - 1; i >= 0; i--) {
            var name = headers.name(i);
            if (name.startsWith("x-envoy-") || name.startsWith("x-tulle-")) headers.remove(name);
            i = Math.min(i, headers.count());
        }
        var from = connection.remote().getAddress().getHostAddress();
        headers.set(
                "x-forwarded-for",
                headers.joined("x-forwarded-for").map(f -> f + "," + from).orElse(from));
        headers.set("x-forwarded-proto", "http");
    }

    private static Optional<String> identity(Peer peer) {
        return peer.identity().map(id -> "URI=" + id.uri());
    }
}
