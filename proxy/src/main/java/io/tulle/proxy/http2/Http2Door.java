package io.tulle.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.tulle.proxy.exchange.Exchanges;
import io.tulle.proxy.http1.DoorSettings;
import io.tulle.proxy.message.Connection;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.Wire;
import io.tulle.proxy.tls.Peer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * The door towards callers that speak HTTP/2, by ALPN or by prior knowledge: each stream is an exchange of its own. When
 * the sidecar drains it says so in two steps (RFC 9113 section 6.8), so that no request that is on its way is lost.
 */
public final class Http2Door extends Session {
    static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final long DRAIN_PING = 0x74756c6c65L;

    private final Connection connection;
    private final Exchanges exchanges;
    private final DoorSettings settings;
    private final RequestFields requests;
    private int greeted;
    private int lastStream;
    private boolean draining;
    private boolean closing;
    private long idleSince;

    public Http2Door(Channel channel, Connection connection, Exchanges exchanges, DoorSettings settings) {
        super(channel, limits(connection), exchanges.holdings());
        this.connection = connection;
        this.exchanges = exchanges;
        this.settings = settings;
        this.requests = new RequestFields(settings.paths());
    }

    private static Http2Limits limits(Connection connection) {
        var known = connection.side() == Connection.Side.OUTBOUND || connection.peer() instanceof Peer.Known;
        var limits = known ? Http2Limits.KNOWN : Http2Limits.STRANGER;
        return connection.side() == Connection.Side.INBOUND ? limits.behindSidecar() : limits;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        greet(
                FrameType.MAX_CONCURRENT_STREAMS,
                limits().streams(),
                FrameType.INITIAL_WINDOW_SIZE,
                limits().window(),
                FrameType.MAX_HEADER_LIST_SIZE,
                limits().headerBytes());
        flushSoon();
        idleSince = now();
        after(settings.headMillis(), () -> {
            if (greeted < PREFACE.length) channel().close();
        });
        after(settings.idleMillis(), this::look);
    }

    /** Client's preface: 24 bytes that no other protocol begins with (RFC 9113 section 3.4). */
    @Override
    boolean begin(ByteBuf in) {
        while (greeted < PREFACE.length && in.isReadable()) {
            if (in.readByte() != PREFACE[greeted++])
                throw fatal(Http2Error.PROTOCOL_ERROR, "not the preface of HTTP/2");
        }
        return greeted == PREFACE.length;
    }

    @Override
    void unknownHead(int stream, FieldBlock block, boolean end) {
        if (stream % 2 == 0) throw fatal(Http2Error.PROTOCOL_ERROR, "an even stream of a client (section 5.1.1)");
        if (stream <= lastStream) {
            if (endOf(stream) == ClosedStreams.End.FORGOTTEN) {
                throw fatal(Http2Error.PROTOCOL_ERROR, "a stream's number went down (section 5.1.1)");
            }
            late(stream, "HEADERS");
            return;
        }
        if (closing) {
            refused(stream); // safe to try elsewhere: it was not looked at
            return;
        }
        lastStream = stream;
        if (openStreams() >= limits().streams() || unread().isTooMuch()) {
            guard().chatter("a stream too many");
            refused(stream);
            return;
        }
        var toHead = block.pseudo().first(":method").orElse("").equals("HEAD");
        var request = requests.read(block, end);
        var answer = new Http2Answer(this);
        answer.begin(stream);
        touch(answer);
        if (request.isPresent()) answer.open(this, request.get(), end);
        else refuse(answer, block.fault().orElseThrow(), toHead, end);
    }

    private void refuse(Http2Answer answer, FieldBlock.Fault fault, boolean toHead, boolean end) {
        guard().reset();
        var told = exchanges.refuse(connection, Wire.HTTP_2, fault.reason(), fault.detail(), toHead, true);
        var error = switch (fault.reason()) {
            case METHOD, METHOD_LENGTH, EXPECTATION, HEAD_TOO_LARGE -> Http2Error.NO_ERROR;
            default -> Http2Error.PROTOCOL_ERROR; // section 8.1.1: malformed
        };
        answer.refuse(told, end, error);
        flushSoon();
    }

    /** An answer that waited for its reader was given up. */
    void shed(long bytes) {
        exchanges.refuse(connection, Wire.HTTP_2, Reason.OVERLOADED, bytes + " bytes that nobody read", false, true);
    }

    /** Of a request that was not opened. */
    void report(ProtocolError why) {
        exchanges.refuse(connection, Wire.HTTP_2, Reason.HTTP2, why.error() + ": " + why.detail(), false, true);
    }

    @Override
    boolean isIdle(int stream) {
        return stream % 2 == 0 || stream > lastStream;
    }

    @Override
    int lastPeerStream() {
        return lastStream;
    }

    @Override
    void failed(ProtocolError why) {
        var reason = why.error() == Http2Error.ENHANCE_YOUR_CALM ? Reason.FLOOD : Reason.HTTP2;
        exchanges.refuse(connection, Wire.HTTP_2, reason, why.error() + ": " + why.detail(), false, true);
    }

    @Override
    void peerAllows(long streams) {} // we push nothing

    @Override
    public void goAway(int lastPushed, long error) {
        guard().chatter("GOAWAY"); // the caller opens nothing more, and what is open goes on
    }

    @Override
    void streamClosed() {
        if (openStreams() > 0) return;
        idleSince = now();
        if (closing) leave(Http2Error.NO_ERROR);
    }

    @Override
    void ended() {}

    // Going away.

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof Connection.Draining) drain();
        if (event instanceof Connection.Judgement) {
            for (var stream : streams()) ((Http2Answer) stream).judgeAgain();
        }
        context.fireUserEventTriggered(event);
    }

    private void drain() {
        if (draining || isOver()) return;
        draining = true;
        writer().goAway(Integer.MAX_VALUE, Http2Error.NO_ERROR, "draining");
        writer().ping(DRAIN_PING, false);
        flushSoon();
        after(settings.lingerMillis(), this::lastCall);
    }

    @Override
    void pingAnswered() {
        if (draining) lastCall();
    }

    /** The peer has heard, or had its time: what comes now comes too late. */
    private void lastCall() {
        if (closing || isOver()) return;
        closing = true;
        writer().goAway(lastStream, Http2Error.NO_ERROR, "draining");
        flushSoon();
        if (openStreams() == 0) leave(Http2Error.NO_ERROR);
    }

    private void look() {
        if (isOver()) return;
        var left = settings.idleMillis() - TimeUnit.NANOSECONDS.toMillis(now() - idleSince);
        if (openStreams() > 0) after(settings.idleMillis(), this::look);
        else if (left > 0) after(left, this::look);
        else leave(Http2Error.NO_ERROR);
    }

    private void after(long millis, Runnable what) {
        var timer = channel().eventLoop().schedule(what, millis, TimeUnit.MILLISECONDS);
        channel().closeFuture().addListener(_ -> timer.cancel(false));
    }

    private long now() {
        return channel().eventLoop().ticker().nanoTime();
    }

    Exchanges exchanges() {
        return exchanges;
    }

    Connection connection() {
        return connection;
    }
}
