package io.tulle.model;

import java.util.Locale;
import java.util.Optional;

/** What a port speaks. {@link #UNDECLARED} lets the first bytes decide, once, when a connection opens. */
public enum Protocol {
    HTTP("http"),
    HTTP2("http2"),
    GRPC("grpc"),
    NEST_TCP("nest-tcp"),
    TCP("tcp"),
    UNDECLARED("");

    private final String written;

    Protocol(String written) {
        this.written = written;
    }

    /** How users write it: {@code --expose 4000/nest-tcp}, Kubernetes' {@code appProtocol}. */
    public String written() {
        return written;
    }

    /**
     * Reads {@code appProtocol} or the first part of an Istio port name ({@code http-web}, {@code grpc}); Istio's
     * {@code http} covers HTTP/1.1 and, here too, an upgrade to HTTP/2. Empty when the word is unknown.
     */
    public static Optional<Protocol> parse(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "" -> Optional.of(UNDECLARED);
            case "http", "http1", "ws", "wss", "kubernetes.io/ws", "sse" -> Optional.of(HTTP);
            case "http2", "h2c", "kubernetes.io/h2c" -> Optional.of(HTTP2);
            case "grpc", "grpc-web" -> Optional.of(GRPC);
            case "nest-tcp", "tulle.io/nest-tcp" -> Optional.of(NEST_TCP);
            case "tcp", "tls", "https", "redis", "mongo", "mysql", "postgres", "amqp", "nats", "kafka", "mqtt" ->
                Optional.of(TCP);
            default -> Optional.empty();
        };
    }

    /** Whether requests of this protocol are routed one by one (L7) rather than as connections. */
    public boolean isRouted() {
        return this != TCP;
    }
}
