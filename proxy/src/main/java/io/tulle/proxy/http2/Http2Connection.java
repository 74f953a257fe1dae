package io.tulle.proxy.http2;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.tulle.proxy.exchange.Holdings;
import io.tulle.proxy.message.FromUpstream;
import io.tulle.proxy.message.Upstream;
import io.tulle.proxy.pool.UpstreamConnection;

/** HTTP/2 towards an endpoint: as many streams as it allows, until it says GOAWAY or the numbers run out. */
public final class Http2Connection extends Session implements UpstreamConnection {
    private static final int UNTIL_TOLD = 100; // what RFC 9113 section 6.5.2 recommends a peer to allow at least

    private final Home home;
    private int allowed = UNTIL_TOLD;
    private int nextStream = 1;
    private boolean leaving;

    public Http2Connection(Channel channel, Home home, Holdings holdings) {
        super(channel, Http2Limits.KNOWN.behindSidecar(), holdings);
        this.home = home;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        writer().raw(channel().alloc().buffer(Http2Door.PREFACE.length).writeBytes(Http2Door.PREFACE));
        greet(
                FrameType.ENABLE_PUSH,
                0,
                FrameType.INITIAL_WINDOW_SIZE,
                limits().window(),
                FrameType.MAX_HEADER_LIST_SIZE,
                limits().headerBytes());
        flushSoon();
    }

    @Override
    public boolean hasRoom() {
        return !leaving
                && !isOver()
                && openStreams() < allowed
                && nextStream > 0
                && channel().isActive();
    }

    @Override
    public boolean isIdle() {
        return openStreams() == 0;
    }

    @Override
    public Upstream open(FromUpstream from) {
        if (!hasRoom()) throw new IllegalStateException("no room for another stream");
        var stream = new Http2Stream(this, from, nextStream > 1);
        stream.begin(nextStream);
        nextStream += 2; // past 2^31-1 it is negative, and there is no room any more
        return stream;
    }

    @Override
    public void close() {
        leave(Http2Error.NO_ERROR);
    }

    @Override
    void unknownHead(int stream, FieldBlock block, boolean end) {
        late(stream, "HEADERS");
    }

    @Override
    boolean isIdle(int stream) {
        return stream % 2 == 0 || (nextStream > 0 && stream >= nextStream);
    }

    @Override
    int lastPeerStream() {
        return 0;
    }

    @Override
    void enablePush(long value) {
        if (value != 0) throw fatal(Http2Error.PROTOCOL_ERROR, "a server cannot allow pushes (section 6.5.2)");
    }

    @Override
    void peerAllows(long streams) {
        allowed = (int) Math.min(streams, limits().streams());
    }

    @Override
    public void settingsEnd() {
        super.settingsEnd();
        if (hasRoom()) home.roomAgain(this);
    }

    /** No new streams; those that it will not look at are told so, and may go elsewhere (section 6.8). */
    @Override
    public void goAway(int lastStream, long error) {
        guard().chatter("GOAWAY");
        leaving = true;
        home.gone(this);
        for (var stream : streams()) {
            if (stream.id() > lastStream) ((Http2Stream) stream).refused();
        }
        if (openStreams() == 0) leave(Http2Error.NO_ERROR);
    }

    @Override
    void streamClosed() {
        if (isOver()) return;
        if (!leaving) home.roomAgain(this);
        else if (openStreams() == 0) channel().eventLoop().execute(() -> leave(Http2Error.NO_ERROR));
    }

    @Override
    void failed(ProtocolError why) {
        leaving = true;
        home.gone(this);
        for (var stream : streams()) {
            stream.close(ClosedStreams.End.RESET_BY_US);
            stream.broken(why);
        }
    }

    @Override
    void ended() {
        leaving = true;
        home.gone(this);
    }
}
