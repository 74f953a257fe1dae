package io.tulle.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.tulle.proxy.exchange.Holdings;
import io.tulle.proxy.http1.LingeringClose;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What both ends of an HTTP/2 connection have in common: settings, windows, streams, limits and the ways it ends. */
abstract sealed class Session extends ChannelInboundHandlerAdapter implements FrameReader.Listener
        permits Http2Door, Http2Connection {
    private static final int LINGER_MILLIS = 1_000;
    private static final long HEAD_MILLIS = 30_000;

    private final Channel channel;
    private final Http2Limits limits;
    private final FrameReader reader;
    private final FrameWriter writer;
    private final FloodGuard guard;
    private final IntObjectMap<Stream> streams = new IntObjectHashMap<>(8);
    private final ClosedStreams closed = new ClosedStreams();
    private final List<Stream> touched = new ArrayList<>();
    private final ConnectionWindow window;
    private final StreamBytes bytes;
    private final Unread unread;
    private ByteBuf pending = Unpooled.EMPTY_BUFFER;
    private int initialSendWindow = ConnectionWindow.DEFAULT;
    private boolean reading;
    private boolean toFlush;
    private boolean windowsMoved;
    private boolean over;
    private boolean headTimer;

    Session(Channel channel, Http2Limits limits, Holdings holdings) {
        this.channel = channel;
        this.bytes = new StreamBytes(holdings, streams);
        this.unread = new Unread(channel);
        this.limits = limits;
        this.reader = new FrameReader(this, limits);
        this.writer = new FrameWriter(channel);
        this.guard = new FloodGuard(limits, channel.eventLoop().ticker());
        this.window = new ConnectionWindow(writer, limits.connectionWindow(), channel::isWritable);
    }

    /** A head for a stream that is not open; {@link #endOf} says what became of it, if it was. */
    abstract void unknownHead(int stream, FieldBlock block, boolean end);

    /** Whether this stream was never begun, by whoever may begin it. */
    abstract boolean isIdle(int stream);

    /** The connection must end; it was told to the peer already. */
    abstract void failed(ProtocolError why);

    abstract void streamClosed();

    abstract void peerAllows(long streams);

    /** The connection's window and our settings: said first of all. */
    void greet(int... settings) {
        writer.settings(settings);
        window.greet();
        toFlush = true;
    }

    // Bytes.

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var bytes = (ByteBuf) message;
        if (over) {
            bytes.release();
            return;
        }
        pending = pending.isReadable()
                ? ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), pending, bytes)
                : bytes;
        reading = true;
        try {
            if (begin(pending)) readFrames();
        } catch (ProtocolError fatal) {
            fail(fatal);
        } finally {
            reading = false;
            if (over || !pending.isReadable()) dropPending();
        }
    }

    /**
     * Takes what comes before the first frame.
     *
     * @return whether frames may be read
     */
    boolean begin(ByteBuf in) {
        return true;
    }

    private void readFrames() {
        while (!over) {
            try {
                if (!reader.read(pending, channel.alloc())) break;
            } catch (ProtocolError error) {
                if (error.stream() == 0) throw error;
                streamFailed(error);
            }
        }
        if (!over && reader.isInsideHead() && !headTimer) awaitHead();
    }

    /** A head that trickles in has its time; the timer runs once for each head that came in parts. */
    private void awaitHead() {
        headTimer = true;
        channel.eventLoop()
                .schedule(
                        () -> {
                            headTimer = false;
                            if (!over && reader.isInsideHead())
                                fail(ProtocolError.ofConnection(Http2Error.ENHANCE_YOUR_CALM, "a head that trickles"));
                        },
                        HEAD_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    private void streamFailed(ProtocolError error) {
        guard.reset();
        var stream = streams.get(error.stream());
        writer.reset(error.stream(), error.error());
        toFlush = true;
        if (stream == null) return;
        stream.close(ClosedStreams.End.RESET_BY_US);
        stream.broken(error);
    }

    private void dropPending() {
        pending.release();
        pending = Unpooled.EMPTY_BUFFER;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        reading = true;
        for (int i = 0; i < touched.size(); i++) touched.get(i).readWasComplete();
        touched.clear();
        sendAllowed();
        reading = false;
        if (over) dropPending();
        if (toFlush) flushNow();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable() && !over) {
            unread.drained();
            if (window.pump()) flushSoon();
            for (var stream : snapshot()) stream.tellWritable();
        }
        context.fireChannelWritabilityChanged();
    }

    /**
     * Sends what the peer's windows allow now, once for all frames of a read. Else a few bytes of theirs, such as thousands of
     * SETTINGS in a packet, would cost a write to every stream each.
     */
    private void sendAllowed() {
        if (over) return;
        try {
            if (windowsMoved) {
                windowsMoved = false;
                for (var stream : snapshot()) stream.windowMoved();
            }
            if (window.pump()) toFlush = true;
        } catch (ProtocolError fatal) {
            fail(fatal);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        lose("the connection closed");
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        lose(String.valueOf(cause.getMessage()));
        context.close();
    }

    private List<Stream> snapshot() {
        return streams.isEmpty() ? List.of() : new ArrayList<>(streams.values());
    }

    // Frames.

    @Override
    public void data(int id, ByteBuf data, int flow, boolean end) {
        if (window.received(flow)) toFlush = true;
        if (data.isReadable() || end) guard.useful();
        else guard.chatter("empty DATA");
        var stream = streams.get(id);
        if (stream == null) {
            late(id, "DATA");
            return;
        }
        touch(stream);
        stream.data(data, flow, end);
    }

    @Override
    public void headers(int id, FieldBlock block, boolean end) {
        guard.useful();
        var stream = streams.get(id);
        if (stream == null) {
            unknownHead(id, block, end);
            return;
        }
        touch(stream);
        stream.head(block, end);
    }

    /** Whoever heard something in this read hears of its end. */
    void touch(Stream stream) {
        if (stream.touch()) touched.add(stream);
    }

    /** What comes for a stream that is not open: on its way still, too late, or never begun. */
    void late(int id, String what) {
        if (isIdle(id)) throw fatal(Http2Error.PROTOCOL_ERROR, what + " on an idle stream (section 5.1)");
        switch (closed.of(id)) {
            case WHOLE -> throw fatal(Http2Error.STREAM_CLOSED, what + " on a closed stream (section 5.1)");
            case RESET_BY_PEER ->
                throw ProtocolError.of(id, Http2Error.STREAM_CLOSED, what + " behind the peer's own reset");
            case RESET_BY_US, FORGOTTEN -> guard.chatter(what + " on a closed stream");
        }
    }

    ClosedStreams.End endOf(int id) {
        return closed.of(id);
    }

    FloodGuard guard() {
        return guard;
    }

    @Override
    public void reset(int id, long error) {
        var stream = streams.get(id);
        if (stream == null) {
            if (isIdle(id)) throw fatal(Http2Error.PROTOCOL_ERROR, "RST_STREAM on an idle stream (section 5.1)");
            guard.chatter("RST_STREAM on a closed stream");
            return;
        }
        stream.close(ClosedStreams.End.RESET_BY_PEER);
        stream.wasReset(error);
        guard.reset();
    }

    @Override
    public void setting(int id, long value) {
        switch (id) {
            case FrameType.HEADER_TABLE_SIZE -> writer.peerTable(value);
            case FrameType.ENABLE_PUSH -> enablePush(value);
            case FrameType.MAX_CONCURRENT_STREAMS -> peerAllows(value);
            case FrameType.INITIAL_WINDOW_SIZE -> initialWindow(value);
            case FrameType.MAX_FRAME_SIZE -> {
                if (value < 16_384 || value > 16_777_215)
                    throw fatal(Http2Error.PROTOCOL_ERROR, "SETTINGS_MAX_FRAME_SIZE");
                writer.maxFrame((int) value);
            }
            default -> {} // MAX_HEADER_LIST_SIZE is advice; what is unknown is ignored (section 6.5.2)
        }
    }

    void enablePush(long value) {
        if (value > 1) throw fatal(Http2Error.PROTOCOL_ERROR, "SETTINGS_ENABLE_PUSH");
    }

    private void initialWindow(long value) {
        if (value > Integer.MAX_VALUE) throw fatal(Http2Error.FLOW_CONTROL_ERROR, "SETTINGS_INITIAL_WINDOW_SIZE");
        initialSendWindow = (int) value;
        windowsMoved = true;
    }

    @Override
    public void settingsEnd() {
        guard.chatter("SETTINGS");
        acknowledging();
        writer.settingsAck();
    }

    @Override
    public void settingsAck() {
        guard.chatter("SETTINGS");
    }

    @Override
    public void ping(long content, boolean ack) {
        guard.chatter("PING");
        if (ack) {
            pingAnswered();
            return;
        }
        acknowledging();
        writer.ping(content, true);
    }

    void pingAnswered() {}

    private void acknowledging() {
        toFlush = true;
        unread.acknowledging();
    }

    @Override
    public void windowUpdate(int id, int bytes) {
        guard.chatter("WINDOW_UPDATE");
        toFlush = true;
        if (id == 0) {
            window.opened(bytes);
            return;
        }
        var stream = streams.get(id);
        if (stream != null) stream.windowUpdate(bytes);
        else if (isIdle(id)) throw fatal(Http2Error.PROTOCOL_ERROR, "WINDOW_UPDATE on an idle stream (section 5.1)");
    }

    @Override
    public void ignored(String what) {
        guard.chatter(what);
    }

    // What streams ask.

    /** A chunk of the read buffer for whoever consumes it later; small ones are copied, or they would pin it whole. */
    ByteBuf own(ByteBuf data) {
        var size = data.readableBytes();
        if (size * 8 >= pending.capacity()) return data.retainedSlice();
        return channel.alloc().directBuffer(size).writeBytes(data);
    }

    /** The same behind what was gathered before, which it takes ownership of. */
    ByteBuf gather(ByteBuf before, ByteBuf data) {
        var all = before.isReadable() ? before : channel.alloc().directBuffer(Math.max(256, data.readableBytes()));
        return all.writeBytes(data);
    }

    void opened(Stream stream) {
        streams.put(stream.id(), stream);
    }

    /** A stream that was refused before it was opened. */
    void refused(int id) {
        closed.add(id, ClosedStreams.End.RESET_BY_US);
        writer.reset(id, Http2Error.REFUSED_STREAM);
        toFlush = true;
    }

    void closed(Stream stream, ClosedStreams.End how) {
        if (streams.remove(stream.id()) == null) return;
        closed.add(stream.id(), how);
        window.forget(stream);
        streamClosed();
    }

    StreamBytes bytes() {
        return bytes;
    }

    int openStreams() {
        return streams.size();
    }

    int initialSendWindow() {
        return initialSendWindow;
    }

    ConnectionWindow window() {
        return window;
    }

    /**
     * Notes DATA that was sent.
     *
     * @param crumb whether a window that lets hardly anything through made so little of it
     */
    void spend(int bytes, boolean crumb) {
        window.spend(bytes);
        if (crumb) guard.crumb();
        else guard.useful();
    }

    Unread unread() {
        return unread;
    }

    boolean isWritable() {
        return channel.isWritable();
    }

    void flushSoon() {
        if (reading) toFlush = true;
        else flushNow();
    }

    private void flushNow() {
        toFlush = false;
        channel.flush();
    }

    FrameWriter writer() {
        return writer;
    }

    Http2Limits limits() {
        return limits;
    }

    Channel channel() {
        return channel;
    }

    boolean isOver() {
        return over;
    }

    static ProtocolError fatal(Http2Error error, String detail) {
        return ProtocolError.ofConnection(error, detail);
    }

    // The end.

    abstract int lastPeerStream();

    private void fail(ProtocolError why) {
        if (over) return;
        writer.goAway(lastPeerStream(), why.error(), why.detail());
        failed(why);
        lose(why.detail());
        LingeringClose.of(channel, LINGER_MILLIS);
    }

    /** Says goodbye and closes once all is written; open streams end with it. */
    void leave(Http2Error error) {
        if (over) return;
        writer.goAway(lastPeerStream(), error, "");
        lose("the connection was closed");
        LingeringClose.of(channel, LINGER_MILLIS);
    }

    private void lose(String detail) {
        if (over) return;
        over = true;
        for (var stream : snapshot()) {
            stream.close(ClosedStreams.End.RESET_BY_US);
            stream.connectionGone(detail);
        }
        touched.clear();
        reader.release();
        writer.close();
        if (!reading) dropPending();
        ended();
    }

    /** Nothing more is heard or said. */
    abstract void ended();

    List<Stream> streams() {
        return snapshot();
    }
}
