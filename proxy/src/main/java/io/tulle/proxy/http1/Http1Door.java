package io.tulle.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import io.tulle.proxy.exchange.Exchanges;
import io.tulle.proxy.message.Connection;
import io.tulle.proxy.message.Headers;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.RequestHead;
import io.tulle.proxy.message.Wire;
import io.tulle.proxy.pool.Reading;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The door towards callers that speak HTTP/1.1: reads one request at a time, opens an exchange for it, and looks at the
 * next one only when the answer has left. What has no single reading is refused with a code, and the connection closes.
 */
public final class Http1Door extends ChannelInboundHandlerAdapter implements RequestGrammar.Listener {
    /** TCP does not tell a caller that only has nothing more to say from one that is gone. */
    private static final long SAID_ALL_MILLIS = 10_000;

    private final Connection connection;
    private final Exchanges exchanges;
    private final DoorSettings settings;
    private final RequestGrammar grammar;
    private final MessageReader reader;
    private final Pending pending = new Pending();
    private Optional<Http1Answer> current = Optional.empty();
    private Optional<ScheduledFuture<?>> timer = Optional.empty();
    private Optional<ChannelHandlerContext> context = Optional.empty();
    private boolean paused;
    private boolean closing;
    private boolean headTimer;
    /** Answered, with a next request to look at once the answer is on its way. */
    private boolean unread;

    private boolean saidAll;
    private long progress;

    public Http1Door(Connection connection, Exchanges exchanges, DoorSettings settings) {
        this.connection = connection;
        this.exchanges = exchanges;
        this.settings = settings;
        this.grammar = new RequestGrammar(this, settings.paths());
        var behind = connection.side() == Connection.Side.INBOUND;
        this.reader = new MessageReader(grammar, behind ? settings.limits().behindSidecar() : settings.limits());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = Optional.of(added);
        var channel = added.channel();
        if (channel instanceof DuplexChannel && channel.pipeline().get(SslHandler.class) == null) {
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        }
        reader.next();
        await(settings.idleMillis());
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        var bytes = (ByteBuf) message;
        if (closing) {
            bytes.release();
            return;
        }
        pending.add(from.alloc(), bytes);
        feed();
    }

    /** Takes what has come, one request after the other, until one waits for its answer. */
    private void feed() {
        try {
            pending.feed(reader);
        } catch (Malformed malformed) {
            refuse(malformed.reason(), malformed.detail());
        }
        if (current.isEmpty() && reader.isInsideHead()) awaitHead();
        if (saidAll && current.isEmpty()) hangUp();
        readOn();
    }

    /** Nothing more will be said: what was asked is answered still, what is cut off is not. */
    private void saidAll() {
        saidAll = true;
        if (closing) return;
        if (current.isPresent() && current.get().isRequestWhole()) awaitProgress();
        else if (current.isPresent() || pending.isEmpty() || reader.isInside()) hangUp();
        // else requests wait to be looked at: feed() comes for them, and hangs up behind the last
    }

    private void hangUp() {
        if (closing) return;
        if (current.isEmpty()) close(); // behind the last answer
        else context().close();
    }

    private void awaitProgress() {
        var seen = progress;
        cancelTimer();
        Runnable look = () -> {
            if (progress == seen) hangUp();
            else awaitProgress();
        };
        timer = Optional.of(context().executor().schedule(look, SAID_ALL_MILLIS, TimeUnit.MILLISECONDS));
    }

    /** Takes what came earlier, as if it came now. */
    private void feedOn() {
        feed();
        current.ifPresent(Http1Answer::requestFlush);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
        current.ifPresent(Http1Answer::requestFlush);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext from) {
        if (from.channel().isWritable()) {
            current.ifPresent(Http1Answer::writableAgain);
            if (unread) nextRequest();
        }
        from.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        cancelTimer();
        pending.release();
        closing = true;
        var answer = current;
        current = Optional.empty();
        answer.ifPresent(a -> a.callerGone(Reason.CALLER_GONE));
        from.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        from.close(); // a socket or TLS error: channelInactive tells the exchange
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext from, Object event) {
        if (event instanceof Connection.Draining && current.isEmpty() && !reader.isInside()) from.close();
        if (event instanceof Connection.Judgement) current.ifPresent(Http1Answer::judgeAgain);
        if (event == ChannelInputShutdownEvent.INSTANCE) saidAll();
        from.fireUserEventTriggered(event);
    }

    // What the reader says.

    @Override
    public void request(RequestHead head, boolean last, boolean keepAlive) {
        cancelTimer();
        var answer = new Http1Answer(this, context(), head, last, keepAlive);
        current = Optional.of(answer);
        if (saidAll) awaitProgress();
        answer.open(exchanges, connection);
    }

    @Override
    public void requestBody(ByteBuf chunk) {
        if (current.isEmpty()) chunk.release();
        else current.get().requestBody(chunk);
    }

    @Override
    public void requestEnd(Headers trailers) {
        current.ifPresent(answer -> answer.requestEnd(trailers));
    }

    // What the answer says.

    /** Whether the answer that begins now must be the last one here. */
    boolean isLastAnswer() {
        return exchanges.isDraining(connection) || (saidAll && pending.isEmpty());
    }

    /** Something of an answer leaves. */
    void progress() {
        progress++;
    }

    void pause(boolean now) {
        paused = now;
        readOn();
    }

    /** Both sides agreed to switch: all bytes are the tunnel's from here on. */
    void tunnel() {
        reader.tunnel();
        context().executor().execute(this::feedOn); // what the caller sent early goes after the 101
    }

    /** Request and answer are whole: the next request may come. */
    void answered(boolean keepAlive) {
        current = Optional.empty();
        paused = false;
        if (!keepAlive || (saidAll && pending.isEmpty())) {
            close();
            return;
        }
        await(settings.idleMillis());
        unread = true;
        // Whoever sends requests and reads no answers must not be answered without end.
        if (context().channel().isWritable()) nextRequest();
        else readOn();
    }

    private void nextRequest() {
        unread = false;
        if (closing) return;
        reader.next();
        if (!pending.isEmpty()) context().executor().execute(this::feedOn); // not deeper on this stack
        readOn();
    }

    /** Nothing else is read; what is written leaves first. */
    void close() {
        if (closing) return;
        closing = true;
        current = Optional.empty();
        cancelTimer();
        pending.release();
        LingeringClose.of(context().channel(), settings.lingerMillis());
    }

    /** The answer broke off: the caller must see that it is not whole. */
    void cut() {
        closing = true;
        current = Optional.empty();
        cancelTimer();
        pending.release();
        context().close();
    }

    private void refuse(Reason reason, String detail) {
        if (closing) return;
        var answer = current;
        current = Optional.empty();
        if (answer.isPresent()) {
            var unanswered = answer.get().callerGone(reason);
            if (!unanswered) {
                cut();
                return;
            }
        }
        var refusal = exchanges.refuse(connection, Wire.HTTP_1_1, reason, detail, grammar.isHead(), answer.isEmpty());
        var channel = context().channel();
        channel.write(Http1Writer.response(channel.alloc(), refusal.head(), false, "close"), channel.voidPromise());
        channel.write(refusal.body(channel.alloc()), channel.voidPromise());
        close();
    }

    private void readOn() {
        if (closing || saidAll) return;
        var wanted = !paused && (pending.size() < settings.pipelinedBytes() || !reader.isHeld());
        var channel = context().channel();
        if (channel.config().isAutoRead() == wanted) return;
        if (wanted) Reading.on(channel);
        else channel.config().setAutoRead(false);
    }

    private void await(long millis) {
        cancelTimer();
        timer = Optional.of(context().executor().schedule(this::idle, millis, TimeUnit.MILLISECONDS));
    }

    private void awaitHead() {
        if (headTimer) return;
        await(settings.headMillis());
        headTimer = true;
    }

    private void idle() {
        if (headTimer) refuse(Reason.HEAD_TIMEOUT, "after " + settings.headMillis() + " ms");
        else context().close();
    }

    private void cancelTimer() {
        headTimer = false;
        timer.ifPresent(t -> t.cancel(false));
        timer = Optional.empty();
    }

    private ChannelHandlerContext context() {
        return context.orElseThrow();
    }
}
