package io.tulle.it.policies;

import java.util.Map;
import java.util.Optional;

/**
 * What a caller sends.
 *
 * @param at the instance of the fleet that calls; {@link #OUTSIDE} for a stranger who has no sidecar
 * @param to {@code host:port} as the application dials it; for a stranger the instance whose mesh port it comes to
 * @param path of HTTP with its query; of Nest TCP the pattern, in JSON
 * @param isEvent of Nest TCP: nothing comes back
 */
record Call(
        String at,
        String to,
        Wire wire,
        String method,
        String path,
        Map<String, Optional<String>> headers,
        String body,
        boolean isEvent) {
    static final String OUTSIDE = "outside";

    /** What is spoken. */
    enum Wire {
        HTTP("http"),
        HTTP2("http2"),
        GRPC("grpc"),
        NEST_TCP("nest-tcp"),
        TCP("tcp");

        private final String written;

        Wire(String written) {
            this.written = written;
        }

        static Optional<Wire> of(String written) {
            for (var wire : values()) if (wire.written.equals(written)) return Optional.of(wire);
            return Optional.empty();
        }

        boolean isHttp() {
            return this == HTTP || this == HTTP2 || this == GRPC;
        }
    }

    String host() {
        var colon = to.lastIndexOf(':');
        return colon < 0 ? to : to.substring(0, colon);
    }

    int port() {
        var colon = to.lastIndexOf(':');
        return colon < 0 ? 0 : Integer.parseInt(to.substring(colon + 1));
    }

    /** What the caller says that it wants. */
    String authority() {
        return Optional.ofNullable(headers.get("host")).flatMap(host -> host).orElse(to);
    }
}
