package io.tulle.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import io.tulle.proxy.exchange.GrpcAnswer;
import io.tulle.proxy.exchange.MeshAnswer;
import io.tulle.proxy.message.Caller;
import io.tulle.proxy.message.FromCaller;
import io.tulle.proxy.message.Headers;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.RequestHead;
import io.tulle.proxy.message.ResponseHead;
import java.util.Optional;

/** One stream that a caller opened: its request on the way to the exchange, and the answer back. */
final class Http2Answer extends Stream implements Caller {
    private static final Headers OK = Headers.of(":status", "200");

    private Optional<FromCaller> exchange = Optional.empty();
    private Http2Error goodbye = Http2Error.NO_ERROR;
    private Optional<Waiting> waiting = Optional.empty();
    private Optional<ByteBuf> last = Optional.empty();
    private boolean grpc;
    private boolean begun;
    private boolean over;

    Http2Answer(Session session) {
        super(session);
    }

    /**
     * Opens the exchange. HTTP/1 behind us acts as soon as it has as many bytes as content-length says; so neither a head
     * that promises none nor the last bytes of a promise leave before the caller has ended the stream.
     */
    void open(Http2Door door, RequestHead head, boolean whole) {
        grpc = head.isGrpc();
        if (whole) {
            peerEnded();
        } else {
            promise(Lengths.of(head.headers()));
            if (hasAllPromised()) {
                waiting = Optional.of(new Waiting(door, head));
                return;
            }
        }
        begin(door, head, whole);
    }

    /** A request whose body must be empty, and is not ended yet. */
    private record Waiting(Http2Door door, RequestHead head) {}

    private void begin(Http2Door door, RequestHead head, boolean whole) {
        exchange = Optional.of(door.exchanges().open(door.connection(), head, whole, this));
        if (over) exchange = Optional.empty();
    }

    /** Answers a head that is no request, and resets what else may come. */
    void refuse(MeshAnswer answer, boolean whole, Http2Error error) {
        goodbye = error;
        if (whole && error == Http2Error.NO_ERROR) peerEnded();
        var last = answer.text().isEmpty();
        head(answer.head(), last);
        if (last) return;
        send(answer.body(session.channel().alloc()));
        sendEnd(Headers.empty());
    }

    // The request.

    @Override
    void received(ByteBuf chunk) {
        if (exchange.isEmpty()) chunk.release();
        else if (hasAllPromised() && !hasPeerEnded()) last = Optional.of(chunk);
        else exchange.get().body(chunk);
    }

    @Override
    void receivedHead(FieldBlock block, boolean end) {
        trailers(block, end);
    }

    @Override
    void receivedEnd(Headers trailers) {
        waiting.ifPresent(w -> begin(w.door(), w.head(), trailers.isEmpty()));
        var whole = waiting.isPresent() && trailers.isEmpty();
        waiting = Optional.empty();
        var held = last;
        last = Optional.empty();
        held.ifPresent(this::received);
        if (!whole) exchange.ifPresent(e -> e.end(trailers));
    }

    private void letGo() {
        last.ifPresent(ByteBuf::release);
        last = Optional.empty();
        waiting = Optional.empty();
    }

    @Override
    void readComplete() {
        exchange.ifPresent(FromCaller::flush);
    }

    @Override
    void wasReset(long error) {
        gone(Reason.CALLER_GONE);
    }

    @Override
    void broken(ProtocolError why) {
        waiting.ifPresent(w -> w.door().report(why));
        gone(Reason.HTTP2);
    }

    @Override
    void connectionGone(String detail) {
        gone(Reason.CALLER_GONE);
    }

    private void gone(Reason reason) {
        over = true;
        letGo();
        var told = exchange;
        exchange = Optional.empty();
        told.ifPresent(e -> e.gone(reason));
    }

    void judgeAgain() {
        exchange.ifPresent(FromCaller::judgeAgain);
    }

    @Override
    void shed() {
        var bytes = heldBytes();
        over = true;
        letGo();
        reset(Http2Error.ENHANCE_YOUR_CALM);
        if (exchange.isPresent()) gone(Reason.OVERLOADED);
        else if (session instanceof Http2Door door) door.shed(bytes); // its exchange ended well, and its answer did not
    }

    @Override
    void writableAgain() {
        exchange.ifPresent(FromCaller::writable);
    }

    // The answer.

    @Override
    public void interim(ResponseHead head) {
        if (over || isClosed()) return;
        session.writer().headers(id(), status(head.status()), head.headers(), false);
        session.flushSoon(); // somebody waits for it
    }

    @Override
    public void head(ResponseHead head, boolean last) {
        if (over || isClosed()) return;
        begun = true;
        session.writer().headers(id(), status(head.status()), head.headers(), last);
        if (!last) return;
        headWasAll();
        session.flushSoon();
    }

    private static Headers status(int code) {
        return code == 200 ? OK : Headers.of(":status", Integer.toString(code));
    }

    @Override
    public void body(ByteBuf chunk) {
        send(chunk);
    }

    @Override
    public void end(Headers trailers) {
        if (over || isClosed()) return;
        // The exchange is over once this returns; what waits for the caller's window is this stream's alone.
        exchange = Optional.empty();
        sendEnd(trailers);
        session.flushSoon();
    }

    @Override
    void sentAll() {
        over = true;
        letGo();
        exchange = Optional.empty();
        if (!hasPeerEnded()) reset(goodbye); // section 8.1: the answer is whole, the rest of the request is not wanted
    }

    @Override
    public void flush() {
        if (isClosed()) return;
        push();
        session.flushSoon();
    }

    @Override
    public void abort(Reason reason) {
        if (over || isClosed()) return;
        letGo();
        exchange = Optional.empty();
        if (grpc && begun) {
            if (reason == Reason.DENIED) dropQueued(); // it must not wait for a caller that does not read
            // gRPC callers know what to do with a status, and little with a reset.
            sendEnd(GrpcAnswer.trailers(reason));
            session.flushSoon();
            return;
        }
        over = true;
        reset(Http2Error.INTERNAL_ERROR);
    }

    @Override
    public boolean isWritable() {
        return canTake();
    }

    @Override
    public void pause() {
        pauseReading();
    }

    @Override
    public void resume() {
        resumeReading();
    }
}
