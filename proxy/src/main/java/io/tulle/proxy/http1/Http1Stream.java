package io.tulle.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.tulle.proxy.message.FromUpstream;
import io.tulle.proxy.message.Headers;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.RequestHead;
import io.tulle.proxy.message.Reset;
import io.tulle.proxy.message.ResponseHead;
import io.tulle.proxy.message.Upstream;
import io.tulle.proxy.pool.Reading;
import io.tulle.proxy.resilience.Failure;

/**
 * One request and its response on a connection towards an endpoint.
 *
 * <pre>
 *   sent and answered, both whole ----> finished (connection reusable)
 *   cancel, cut, or answered before sent ----> finished (connection closed)
 * </pre>
 */
final class Http1Stream implements Upstream {
    private final Http1Connection connection;
    private final Channel channel;
    private final FromUpstream from;
    private final boolean onReused;
    private boolean live = true;
    private boolean chunked;
    private boolean upgrading;
    private boolean tunnel;
    private boolean headSent;
    private boolean sent;
    private boolean answered;
    private boolean sawBytes;
    private boolean deaf;

    Http1Stream(Http1Connection connection, Channel channel, FromUpstream from, boolean onReused) {
        this.connection = connection;
        this.channel = channel;
        this.from = from;
        this.onReused = onReused;
    }

    FromUpstream from() {
        return from;
    }

    @Override
    public void head(RequestHead head, boolean last) {
        if (!live) return;
        upgrading = head.upgrade().isPresent();
        chunked = !last && !upgrading && !head.headers().has("content-length");
        connection.expect(head);
        headSent = true;
        channel.write(Http1Writer.request(channel.alloc(), head, chunked), channel.voidPromise());
        if (last) sentAll();
    }

    @Override
    public void body(ByteBuf chunk) {
        if (!live || deaf || !chunk.isReadable()) {
            chunk.release();
            return;
        }
        if (chunked)
            channel.write(Http1Writer.chunkSize(channel.alloc(), chunk.readableBytes()), channel.voidPromise());
        channel.write(chunk, channel.voidPromise());
        if (chunked) channel.write(Http1Writer.chunkEnd(), channel.voidPromise());
    }

    @Override
    public void end(Headers trailers) {
        if (!live || deaf) return;
        if (chunked) channel.write(Http1Writer.lastChunk(channel.alloc(), trailers), channel.voidPromise());
        sentAll();
    }

    private void sentAll() {
        sent = true;
        channel.flush();
        if (tunnel) channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        else if (answered) finish(true);
    }

    @Override
    public void flush() {
        if (live && !deaf) channel.flush();
    }

    @Override
    public boolean isWritable() {
        return deaf || channel.isWritable();
    }

    @Override
    public void pause() {
        if (live) channel.config().setAutoRead(false);
    }

    @Override
    public void resume() {
        if (live) Reading.on(channel);
    }

    @Override
    public void cancel() {
        if (!live) return;
        // What a tunnel's caller sent last still leaves; a request that nobody waits for does not.
        if (tunnel) channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        finish(false, !tunnel);
    }

    /** The endpoint takes no more of the request. Its answer, or the end of the connection, is on its way. */
    void stopSending() {
        if (deaf) return;
        deaf = true;
        sent = false;
        from.writable(); // what else comes is dropped
    }

    void sawBytes() {
        sawBytes = true;
    }

    void answered(ResponseHead head, boolean last) {
        tunnel = head.status() == 101;
        if (upgrading && !tunnel) sent = true; // no switch: the request was whole with its head
        from.head(head, last);
        if (last) answerDone();
    }

    void answerEnded(Headers trailers) {
        if (!live) return;
        from.end(trailers);
        answerDone();
    }

    private void answerDone() {
        answered = true;
        // An answer before the whole request: the endpoint wants no more of it, and the rest must go nowhere.
        finish(sent);
    }

    private void finish(boolean clean) {
        finish(clean, !clean);
    }

    private void finish(boolean clean, boolean close) {
        if (!live) return;
        live = false;
        if (clean || close) connection.finished(this, clean);
        else connection.abandoned(this);
    }

    /** What it means that the connection is gone now. */
    Reset cut() {
        var failure = sawBytes ? Failure.RESET_AFTER_HEADERS : new Failure.ResetBeforeResponse(onReused, headSent);
        return new Reset(Reason.UPSTREAM_CLOSED, failure, "the connection closed before the answer was whole");
    }

    void reset(Reset why) {
        if (!live) return;
        live = false;
        from.reset(why);
    }
}
