package io.tulle.proxy.tls;

import io.tulle.model.Protocol;
import java.util.List;

/** What sidecars call the inner protocols in ALPN (RFC 7301). The one place that lists them. */
public final class Alpn {
    public static final String HTTP_1_1 = "http/1.1";
    public static final String HTTP_2 = "h2";
    /** Nest TCP, message by message. */
    public static final String NEST_TCP = "tulle-nest-tcp/1";
    /** Opaque bytes, with marks for their beginning and end. Where only one end knows it, they go as they are. */
    public static final String TCP = "tulle-tcp/3";

    /** What a server takes, its favourite first. */
    public static final List<String> SERVED = List.of(HTTP_2, HTTP_1_1, NEST_TCP, TCP);

    private Alpn() {}

    /** What a client offers for requests to a cluster of this protocol. */
    public static List<String> offered(Protocol protocol) {
        return switch (protocol) {
            case HTTP, UNDECLARED -> List.of(HTTP_1_1);
            case HTTP2, GRPC -> List.of(HTTP_2);
            case NEST_TCP -> List.of(NEST_TCP);
            case TCP -> List.of(TCP);
        };
    }
}
