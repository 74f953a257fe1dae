package io.tulle.proxy.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;

/** An answer that the mesh gives in the application's place: always with a request id, a flag and, in its body, the code. */
public record MeshAnswer(ResponseHead head, String text) {
    /** In the form that the request's protocol understands. */
    static MeshAnswer to(RequestHead head, Reason reason, int status, String requestId, String told) {
        var grpc = head.headers().first("content-type").orElse("").startsWith("application/grpc");
        return grpc ? ofGrpc(reason, status, requestId, told) : of(reason, status, requestId, told);
    }

    /**
     * @param told what the caller may know beyond the reason; empty for nothing
     */
    static MeshAnswer of(Reason reason, int status, String requestId, String told) {
        var text = reason.code() + " " + reason.title() + (told.isEmpty() ? "" : ": " + told) + " (flag "
                + reason.flag().written() + ", request " + requestId + ")\n";
        return plain(reason, status, requestId, text);
    }

    /** The same for a gRPC call: a status of its own in an answer without a body (gRPC over HTTP/2, Trailers-Only). */
    static MeshAnswer ofGrpc(Reason reason, int status, String requestId, String told) {
        var headers = Headers.of(
                "content-type",
                "application/grpc",
                "grpc-status",
                Integer.toString(grpcStatus(status)),
                "grpc-message",
                reason.code() + " " + reason.title() + (told.isEmpty() ? "" : ": " + told),
                "x-request-id",
                requestId,
                "x-tulle-flag",
                reason.flag().written());
        return new MeshAnswer(new ResponseHead(200, headers), "");
    }

    private static MeshAnswer plain(Reason reason, int status, String requestId, String text) {
        var headers = Headers.of(
                "content-type", "text/plain; charset=utf-8",
                "content-length", Integer.toString(text.getBytes(UTF_8).length),
                "x-request-id", requestId,
                "x-tulle-code", reason.code(),
                "x-tulle-flag", reason.flag().written());
        return new MeshAnswer(new ResponseHead(status, headers), text);
    }

    /** The body; the caller of this owns it. */
    public ByteBuf body(ByteBufAllocator buffers) {
        return ByteBufUtil.writeUtf8(buffers, text);
    }

    /** gRPC's own table, "HTTP to gRPC Status Code Mapping". */
    private static int grpcStatus(int http) {
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
}
