package io.tulle.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.tulle.proxy.exchange.Exchanges;
import io.tulle.proxy.message.Caller;
import io.tulle.proxy.message.Connection;
import io.tulle.proxy.message.FromCaller;
import io.tulle.proxy.message.Headers;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.RequestHead;
import io.tulle.proxy.message.ResponseHead;
import io.tulle.proxy.message.Wire;
import java.util.Optional;

/** One request of an HTTP/1.1 connection and the answer that goes back to it. */
final class Http1Answer implements Caller {
    private final Http1Door door;
    private final Channel channel;
    private final RequestHead request;
    private boolean requestWhole;
    private boolean keepAlive;
    private boolean chunked;
    private boolean begun;
    private boolean over;
    private Optional<FromCaller> exchange = Optional.empty();

    Http1Answer(Http1Door door, ChannelHandlerContext context, RequestHead request, boolean whole, boolean keepAlive) {
        this.door = door;
        this.channel = context.channel();
        this.request = request;
        this.requestWhole = whole;
        this.keepAlive = keepAlive;
    }

    void open(Exchanges exchanges, Connection connection) {
        exchange = Optional.of(exchanges.open(connection, request, requestWhole, this));
    }

    // The request's bytes on their way to the exchange.

    void requestBody(ByteBuf chunk) {
        if (over || exchange.isEmpty()) chunk.release();
        else exchange.get().body(chunk);
    }

    void requestEnd(Headers trailers) {
        requestWhole = true;
        if (!over) exchange.ifPresent(e -> e.end(trailers));
    }

    boolean isRequestWhole() {
        return requestWhole;
    }

    void requestFlush() {
        if (!over) exchange.ifPresent(FromCaller::flush);
    }

    void judgeAgain() {
        if (!over) exchange.ifPresent(FromCaller::judgeAgain);
    }

    void writableAgain() {
        if (!over) exchange.ifPresent(FromCaller::writable);
    }

    /**
     * @return whether no byte of an answer has left, so that the door may still say why
     */
    boolean callerGone(Reason reason) {
        if (over) return false;
        over = true;
        exchange.ifPresent(e -> e.gone(reason));
        return !begun;
    }

    // The answer.

    @Override
    public void interim(ResponseHead head) {
        if (over || request.wire() == Wire.HTTP_1_0) return;
        door.progress();
        channel.write(Http1Writer.response(channel.alloc(), head, false, ""), channel.voidPromise());
        channel.flush(); // somebody waits for it
    }

    @Override
    public void head(ResponseHead head, boolean last) {
        if (over) return;
        begun = true;
        door.progress();
        if (head.status() == 101) {
            switched(head);
            return;
        }
        if (request.upgrade().isPresent()) requestEnd(Headers.empty()); // no switch: the request was its head
        var sized = last || head.headers().has("content-length");
        chunked = !sized && request.wire() == Wire.HTTP_1_1;
        // An answer before the whole request: the rest of it is read, but no other request (RFC 9112 section 9.6).
        keepAlive = keepAlive && requestWhole && (sized || chunked) && !door.isLastAnswer();
        channel.write(Http1Writer.response(channel.alloc(), head, chunked, connection()), channel.voidPromise());
        if (last) done();
    }

    private void switched(ResponseHead head) {
        keepAlive = false;
        head.headers().add("upgrade", request.upgrade().orElse("websocket"));
        channel.write(Http1Writer.response(channel.alloc(), head, false, "upgrade"), channel.voidPromise());
        channel.flush();
        door.tunnel();
    }

    private String connection() {
        if (!keepAlive) return "close";
        return request.wire() == Wire.HTTP_1_0 ? "keep-alive" : "";
    }

    @Override
    public void body(ByteBuf chunk) {
        if (over || !chunk.isReadable()) {
            chunk.release();
            return;
        }
        door.progress();
        if (chunked)
            channel.write(Http1Writer.chunkSize(channel.alloc(), chunk.readableBytes()), channel.voidPromise());
        channel.write(chunk, channel.voidPromise());
        if (chunked) channel.write(Http1Writer.chunkEnd(), channel.voidPromise());
    }

    @Override
    public void end(Headers trailers) {
        if (over) return;
        if (chunked) channel.write(Http1Writer.lastChunk(channel.alloc(), trailers), channel.voidPromise());
        done();
    }

    private void done() {
        over = true;
        channel.flush();
        door.answered(keepAlive && requestWhole);
    }

    @Override
    public void flush() {
        if (!over) channel.flush();
    }

    @Override
    public void abort(Reason reason) {
        if (over) return;
        over = true;
        door.cut();
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public void pause() {
        if (!over) door.pause(true);
    }

    @Override
    public void resume() {
        if (!over) door.pause(false);
    }
}
