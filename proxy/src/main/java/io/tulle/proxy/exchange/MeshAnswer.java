package io.tulle.proxy.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.tulle.proxy.message.Headers;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.RequestHead;
import io.tulle.proxy.message.ResponseHead;
import io.tulle.proxy.route.Decision;

/**
 * An answer that is given in the application's place. The mesh's own always has a request id, a flag and the code; one that
 * the author of a route wrote is what the author wrote. Where the status or a HEAD allows no body, {@code text} is empty.
 */
public record MeshAnswer(ResponseHead head, String text) {
    static final int PREFLIGHT = 200;

    /** The mesh's own, in the form that the request's protocol understands. */
    static MeshAnswer to(RequestHead request, Reason reason, int status, String requestId, String told) {
        return request.isGrpc()
                ? ofGrpc(reason, GrpcAnswer.status(status), requestId, told)
                : of(reason, status, request.isHead(), requestId, told);
    }

    /**
     * @param toHead whether it answers a HEAD
     * @param told what the caller may know beyond the reason; empty for nothing
     */
    static MeshAnswer of(Reason reason, int status, boolean toHead, String requestId, String told) {
        var text = reason.code() + " " + reason.title() + (told.isEmpty() ? "" : ": " + told) + " (flag "
                + reason.flag().written() + ", request " + requestId + ")\n";
        var fields = Headers.of(
                "x-request-id", requestId,
                "x-tulle-code", reason.code(),
                "x-tulle-flag", reason.flag().written());
        return framed(status, toHead, text, fields);
    }

    /** The same for a gRPC call. */
    static MeshAnswer ofGrpc(Reason reason, int grpcStatus, String requestId, String told) {
        var fields = GrpcAnswer.fields(
                grpcStatus, reason.code() + " " + reason.title() + (told.isEmpty() ? "" : ": " + told));
        fields.add("x-request-id", requestId);
        fields.add("x-tulle-code", reason.code());
        fields.add("x-tulle-flag", reason.flag().written());
        return new MeshAnswer(new ResponseHead(200, fields), "");
    }

    /** What the author of a route wrote (Istio's directResponse). A gRPC caller is told it as a status, as by Envoy. */
    static MeshAnswer written(RequestHead request, Decision.Reply reply, String requestId) {
        var fields = Headers.of("x-request-id", requestId);
        if (!request.isGrpc()) {
            reply.changes().applyTo(fields);
            return framed(reply.status(), request.isHead(), reply.body(), fields);
        }
        var grpc = GrpcAnswer.fields(GrpcAnswer.status(reply.status()), reply.body());
        grpc.add("x-request-id", requestId);
        reply.changes().applyTo(grpc);
        return new MeshAnswer(new ResponseHead(200, grpc), "");
    }

    /** To a browser that asks whether a page may send a request; what it may is set by the exchange. */
    static MeshAnswer preflight(String requestId) {
        return framed(PREFLIGHT, false, "", Headers.of("x-request-id", requestId));
    }

    static MeshAnswer redirect(Decision.Redirect redirect, String requestId) {
        var fields = Headers.of("location", redirect.location(), "x-request-id", requestId);
        redirect.changes().applyTo(fields);
        return framed(redirect.status(), false, "", fields);
    }

    /** Adds what the body needs, and leaves the body out where none may be (RFC 9110 sections 8.6, 9.3.2 and 15.3.6). */
    private static MeshAnswer framed(int status, boolean toHead, String text, Headers fields) {
        var none = status == 205; // its length is said, and is 0
        var body = none ? "" : text;
        var head = new ResponseHead(status, fields);
        if (head.endsTheMessage(false)) return new MeshAnswer(head, "");
        if (!body.isEmpty() && !fields.has("content-type")) fields.add("content-type", "text/plain; charset=utf-8");
        fields.add("content-length", Integer.toString(body.getBytes(UTF_8).length));
        return new MeshAnswer(head, head.endsTheMessage(toHead) ? "" : body);
    }

    /** The body; the caller of this owns it. */
    public ByteBuf body(ByteBufAllocator buffers) {
        return ByteBufUtil.writeUtf8(buffers, text);
    }
}
