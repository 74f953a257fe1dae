package io.tulle.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.tulle.proxy.message.FromUpstream;
import io.tulle.proxy.message.Headers;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.RequestHead;
import io.tulle.proxy.message.Reset;
import io.tulle.proxy.message.ResponseHead;
import io.tulle.proxy.message.Upstream;
import io.tulle.proxy.pool.Reading;
import io.tulle.proxy.pool.UpstreamConnection;
import io.tulle.proxy.resilience.Failure;
import java.util.Optional;

/**
 * HTTP/1.1 towards an endpoint: one stream at a time, the next one only when request and response are both whole and
 * nothing else has come. A byte that nobody waits for closes the connection: it would be the answer to a later request.
 */
public final class Http1Connection extends ChannelInboundHandlerAdapter
        implements UpstreamConnection, ResponseGrammar.Listener {
    /** Ends without bytes that wait for the next flush, and what the queue itself takes for them. */
    private static final long CRUMBS = 1024;

    private final Channel channel;
    private final Home home;
    private final ResponseGrammar grammar = new ResponseGrammar(this);
    private final MessageReader reader;
    private final Pending pending = new Pending();
    private Optional<Http1Stream> current = Optional.empty();
    private boolean reusable = true;
    private int streams;

    public Http1Connection(Channel channel, Home home, Limits limits) {
        this.channel = channel;
        this.home = home;
        this.reader = new MessageReader(grammar, limits);
        // An endpoint that answers early may reset what is still sent to it; its answer is there to be read all the
        // same.
        channel.config().setAutoClose(false);
    }

    @Override
    public boolean hasRoom() {
        return current.isEmpty() && reusable && channel.isActive();
    }

    @Override
    public boolean isIdle() {
        return current.isEmpty();
    }

    @Override
    public Upstream open(FromUpstream from) {
        if (!hasRoom()) throw new IllegalStateException("a connection of HTTP/1.1 carries one stream at a time");
        var stream = new Http1Stream(this, channel, from, ++streams > 1);
        current = Optional.of(stream);
        return stream;
    }

    @Override
    public void close() {
        reusable = false;
        channel.close();
    }

    /** The stream is about to send this head: what comes next answers it. */
    void expect(RequestHead head) {
        grammar.expect(head.isHead(), head.upgrade().isPresent());
        reader.next();
    }

    /** The stream is over, well or not. */
    void finished(Http1Stream stream, boolean clean) {
        if (current.isEmpty() || current.get() != stream) return;
        current = Optional.empty();
        reusable = reusable && clean && pending.isEmpty() && hasLeft();
        if (!channel.config().isAutoRead()) Reading.on(channel);
        if (reusable && channel.isActive()) {
            home.roomAgain(this);
        } else {
            home.gone(this);
            channel.close();
        }
    }

    /** The stream is over, and the connection closes by itself once what is written has left. */
    void abandoned(Http1Stream stream) {
        if (current.isEmpty() || current.get() != stream) return;
        current = Optional.empty();
        reusable = false;
        home.gone(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (current.isEmpty()) {
            ReferenceCountUtil.release(message);
            reusable = false;
            home.gone(this);
            context.close();
            return;
        }
        pending.add(context.alloc(), (ByteBuf) message);
        current.get().sawBytes();
        read();
    }

    private void read() {
        try {
            pending.feed(reader);
        } catch (Malformed malformed) {
            var detail = malformed.reason().title() + ": " + malformed.detail();
            broken(new Reset(Reason.BAD_ANSWER, new Failure.ResetBeforeResponse(false, true), detail));
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        current.ifPresent(stream -> stream.from().flush());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable()) current.ifPresent(stream -> stream.from().writable());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        pending.release();
        if (reader.endsWithConnection()) {
            reusable = false;
            responseEnd(Headers.empty());
        } else {
            current.ifPresent(stream -> broken(stream.cut()));
        }
        reusable = false;
        home.gone(this);
    }

    /** Whether all that was written is in the kernel's hands: an endpoint that answered before may not want the rest. */
    private boolean hasLeft() {
        var out = channel.unsafe().outboundBuffer();
        return out != null && out.totalPendingWriteBytes() <= CRUMBS;
    }

    /** Whether the endpoint takes nothing more, but may still be read. */
    private boolean isDeaf() {
        return channel instanceof DuplexChannel duplex && duplex.isOutputShutdown() && !duplex.isInputShutdown();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (isDeaf() && current.isPresent()) {
            current.get().stopSending();
            return;
        }
        current.ifPresent(stream -> broken(stream.cut()));
        context.close();
    }

    private void broken(Reset why) {
        reusable = false;
        pending.release();
        var stream = current;
        current = Optional.empty();
        home.gone(this);
        channel.close();
        stream.ifPresent(s -> s.reset(why));
    }

    @Override
    public void interim(ResponseHead head) {
        current.ifPresent(stream -> stream.from().interim(head));
    }

    @Override
    public void response(ResponseHead head, boolean last, boolean keepAlive) {
        reusable = reusable && keepAlive && head.status() != 101;
        current.ifPresent(stream -> stream.answered(head, last));
    }

    @Override
    public void responseBody(ByteBuf chunk) {
        if (current.isEmpty()) chunk.release();
        else current.get().from().body(chunk);
    }

    @Override
    public void responseEnd(Headers trailers) {
        current.ifPresent(stream -> stream.answerEnded(trailers));
    }
}
