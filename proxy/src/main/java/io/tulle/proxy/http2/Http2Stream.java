package io.tulle.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import io.tulle.proxy.message.FromUpstream;
import io.tulle.proxy.message.Headers;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.RequestHead;
import io.tulle.proxy.message.Reset;
import io.tulle.proxy.message.ResponseHead;
import io.tulle.proxy.message.Upstream;
import io.tulle.proxy.resilience.Failure;

/** One request towards an endpoint, and its response. */
final class Http2Stream extends Stream implements Upstream {
    private static final int FIELD_BYTES = 32; // what RFC 7541 section 4.1 adds for each

    private final FromUpstream from;
    private final boolean onReused;
    private boolean toHead;
    private boolean headSent;
    private boolean answered;
    private boolean over;
    private long interimBytes;

    Http2Stream(Session session, FromUpstream from, boolean onReused) {
        super(session);
        this.from = from;
        this.onReused = onReused;
    }

    // The request.

    @Override
    public void head(RequestHead head, boolean last) {
        if (over) return;
        if (head.upgrade().isPresent()) {
            // RFC 8441 is not spoken. Not on this stack: whoever opened the stream is not done with it.
            session.channel().eventLoop().execute(() -> lost(Reason.UPSTREAM_REFUSED, cut(), "no upgrade over HTTP/2"));
            return;
        }
        toHead = head.isHead();
        headSent = true;
        var pseudo = Headers.of(
                ":method", head.method(),
                ":scheme", head.scheme(),
                ":authority", head.authority(),
                ":path", head.target());
        session.writer().headers(id(), pseudo, head.headers(), last);
        if (last) headWasAll();
    }

    @Override
    public void body(ByteBuf chunk) {
        send(chunk);
    }

    @Override
    public void end(Headers trailers) {
        if (over || !headSent) return;
        sendEnd(trailers);
        session.flushSoon();
    }

    @Override
    void sentAll() {}

    @Override
    public void flush() {
        if (over || !headSent) return;
        push();
        session.flushSoon();
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

    @Override
    public void cancel() {
        if (over) return;
        over = true;
        drop();
    }

    private void drop() {
        if (headSent) reset(Http2Error.CANCEL);
        else close(ClosedStreams.End.RESET_BY_US); // the endpoint never heard of it
    }

    // The response.

    @Override
    void receivedHead(FieldBlock block, boolean end) {
        if (answered) {
            trailers(block, end);
            return;
        }
        var status = status(block);
        var fields = block.fields();
        if (status < 200) {
            if (end) throw error(Http2Error.PROTOCOL_ERROR, "an interim answer that ends the stream");
            countInterim(fields);
            if (!over) from.interim(new ResponseHead(status, fields));
            return;
        }
        answered = true;
        measure(status, fields);
        if (end) {
            checkLength();
            peerEnded();
        }
        if (!over) from.head(new ResponseHead(status, fields), end);
        if (end) done();
    }

    /** All interim answers of one request together are no larger than one head may be. */
    private void countInterim(Headers fields) {
        interimBytes += FIELD_BYTES;
        for (int i = 0; i < fields.count(); i++) {
            interimBytes +=
                    FIELD_BYTES + fields.name(i).length() + fields.value(i).length();
        }
        if (interimBytes > session.limits().headerBytes())
            throw error(Http2Error.ENHANCE_YOUR_CALM, "interim answers without end");
    }

    /** {@code :status} alone, three digits (RFC 9113 section 8.3.2); 101 does not exist here (section 8.6). */
    private int status(FieldBlock block) {
        block.fault().ifPresent(fault -> {
            throw error(Http2Error.PROTOCOL_ERROR, fault.reason().title() + ": " + fault.detail());
        });
        var text = block.pseudo().first(":status").orElse("");
        var known = block.pseudo().count() == 1
                && text.length() == 3
                && text.charAt(0) >= '1'
                && text.charAt(0) <= '5'
                && Character.isDigit(text.charAt(1))
                && Character.isDigit(text.charAt(2));
        if (!known || text.equals("101")) throw error(Http2Error.PROTOCOL_ERROR, "no :status, or one that is none");
        return Integer.parseInt(text);
    }

    private void measure(int status, Headers fields) {
        var length = Lengths.of(fields);
        if (length == Lengths.MALFORMED) throw error(Http2Error.PROTOCOL_ERROR, "malformed content-length");
        promise(new ResponseHead(status, fields).endsTheMessage(toHead) ? 0 : length);
    }

    @Override
    void received(ByteBuf chunk) {
        if (!answered) {
            chunk.release();
            throw error(Http2Error.PROTOCOL_ERROR, "DATA before the head");
        }
        if (over) chunk.release();
        else from.body(chunk);
    }

    @Override
    void receivedEnd(Headers trailers) {
        if (!answered) throw error(Http2Error.PROTOCOL_ERROR, "an end before the head");
        if (!over) from.end(trailers);
        done();
    }

    /** An answer before the whole request: the endpoint wants no more of it. */
    private void done() {
        over = true;
        if (hasEnded()) close(ClosedStreams.End.WHOLE);
        else drop();
    }

    @Override
    void readComplete() {
        if (!over) from.flush();
    }

    @Override
    void writableAgain() {
        if (!over) from.writable();
    }

    // How it may break.

    /** RST_STREAM(NO_ERROR) behind a whole answer is no failure (section 8.1), and finds the stream closed. */
    @Override
    void wasReset(long error) {
        var refused = error == Http2Error.REFUSED_STREAM.code();
        var failure = refused && !answered ? Failure.REFUSED_STREAM : cut();
        lost(Reason.UPSTREAM_REFUSED, failure, "RST_STREAM " + name(error));
    }

    private static String name(long error) {
        var known = Http2Error.valueOf(error);
        return known == null ? Long.toString(error) : known.name();
    }

    /** The endpoint said GOAWAY and will not look at it (section 6.8). */
    void refused() {
        close(ClosedStreams.End.RESET_BY_US);
        lost(Reason.UPSTREAM_REFUSED, Failure.REFUSED_STREAM, "GOAWAY");
    }

    @Override
    void shed() {
        if (over) return;
        over = true;
        var failure = cut();
        drop();
        from.reset(new Reset(Reason.OVERLOADED, failure, "the endpoint does not take the request"));
    }

    @Override
    void broken(ProtocolError why) {
        lost(Reason.BAD_ANSWER, cut(), why.detail());
    }

    @Override
    void connectionGone(String detail) {
        lost(Reason.UPSTREAM_CLOSED, cut(), detail);
    }

    private Failure cut() {
        return answered ? Failure.RESET_AFTER_HEADERS : new Failure.ResetBeforeResponse(onReused, headSent);
    }

    private void lost(Reason reason, Failure failure, String detail) {
        if (over) return;
        over = true;
        close(ClosedStreams.End.RESET_BY_US);
        from.reset(new Reset(reason, failure, detail));
    }
}
