package io.tulle.proxy.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tulle.proxy.message.Headers;
import io.tulle.proxy.message.Reason;

/** What a gRPC call is answered where no endpoint answers it (gRPC over HTTP/2: Trailers-Only). */
public final class GrpcAnswer {
    private static final String HEX = "0123456789ABCDEF";

    private GrpcAnswer() {}

    /** A status in a head that is the whole answer. */
    static Headers fields(int status, String message) {
        return Headers.of(
                "content-type",
                "application/grpc",
                "grpc-status",
                Integer.toString(status),
                "grpc-message",
                percentEncoded(message));
    }

    /** The trailers of an answer that began and cannot be finished. */
    public static Headers trailers(Reason reason) {
        return Headers.of(
                "grpc-status",
                Integer.toString(status(reason.status())),
                "grpc-message",
                percentEncoded(reason.code() + " " + reason.title()));
    }

    /** What an HTTP status is to a gRPC caller: gRPC's own table, "HTTP to gRPC Status Code Mapping", and 504 besides. */
    static int status(int http) {
        return switch (http) {
            case 400 -> 13;
            case 401 -> 16;
            case 403 -> 7;
            case 404 -> 12;
            case 429, 502, 503 -> 14;
            case 504 -> 4;
            default -> 2;
        };
    }

    /** As gRPC over HTTP/2 asks for Status-Message: printable ASCII but the percent sign stays. */
    private static String percentEncoded(String text) {
        var out = new StringBuilder(text.length());
        for (var b : text.getBytes(UTF_8)) {
            if (b >= 0x20 && b < 0x7f && b != '%') out.append((char) b);
            else out.append('%').append(HEX.charAt((b >> 4) & 15)).append(HEX.charAt(b & 15));
        }
        return out.toString();
    }
}
