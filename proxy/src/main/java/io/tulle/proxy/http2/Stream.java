package io.tulle.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import io.tulle.proxy.message.Headers;
import java.util.ArrayDeque;

/**
 * One stream: both its windows, what waits to be sent, and which side has said all (RFC 9113 section 5.1).
 *
 * <pre>
 *   open --ours ended--> half-closed (local)  --theirs ended--> closed
 *        --theirs ended-> half-closed (remote) --ours ended---> closed
 *        --reset by either-------------------------------------^
 * </pre>
 */
abstract sealed class Stream permits Http2Answer, Http2Stream {
    private static final int HIGH = 64 * 1024;
    private static final int LOW = 16 * 1024;
    /** So little of a chunk is sent only because the peer's windows let no more through. */
    private static final int CRUMB = 1024;

    private static final String WINDOW_OVERFLOW = "a window over 2^31-1";

    final Session session;
    private final ArrayDeque<ByteBuf> queue = new ArrayDeque<>(4);
    private int id;
    private long queued;
    /** The send window beside the initial one, which moves for all streams at once. */
    private long credit;

    private Headers trailers = Headers.empty();
    private boolean ending;
    private boolean ended;
    private boolean stalled;
    private boolean waitsForTurn;

    private ByteBuf held = Unpooled.EMPTY_BUFFER;
    private int receiveWindow;
    private int owed;
    private boolean paused;
    private boolean peerEnded;
    private boolean closed;
    private boolean touched;
    private long promised = -1;
    private long arrived;

    Stream(Session session) {
        this.session = session;
    }

    /** Takes its place on the connection. */
    void begin(int number) {
        id = number;
        receiveWindow = session.limits().window();
        session.opened(this);
    }

    /**
     * Notes that something came.
     *
     * @return whether it is the first in this read
     */
    final boolean touch() {
        var first = !touched;
        touched = true;
        return first;
    }

    final void readWasComplete() {
        touched = false;
        readComplete();
    }

    int id() {
        return id;
    }

    // What each side makes of what comes.

    /** Hands over ownership. */
    abstract void received(ByteBuf chunk);

    /** A head behind the first one: trailers, or an answer behind interim ones. */
    abstract void receivedHead(FieldBlock block, boolean end);

    abstract void receivedEnd(Headers trailers);

    /** The peer reset it; it is closed already. */
    abstract void wasReset(long error);

    /** The peer broke its rules; it was reset and is closed already. */
    abstract void broken(ProtocolError why);

    abstract void writableAgain();

    abstract void readComplete();

    /** Ours is said; called once. */
    abstract void sentAll();

    /** The connection is gone, and the stream with it; it is closed already. */
    abstract void connectionGone(String detail);

    // Receiving.

    void data(ByteBuf data, int flow, boolean end) {
        if (peerEnded) throw error(Http2Error.STREAM_CLOSED, "DATA behind the end");
        if (flow > receiveWindow) throw error(Http2Error.FLOW_CONTROL_ERROR, "more than the window");
        receiveWindow -= flow;
        owed += flow;
        arrived += data.readableBytes();
        if (promised >= 0 && (arrived > promised || (end && arrived != promised))) {
            throw error(Http2Error.PROTOCOL_ERROR, "content-length and DATA differ (section 8.1.1)");
        }
        peerEnded = end;
        if (paused && data.isReadable()) gather(data);
        else if (data.isReadable()) received(session.own(data));
        if (closed) return;
        if (end) received(Headers.empty());
        else giveBack();
    }

    void head(FieldBlock block, boolean end) {
        if (peerEnded) throw error(Http2Error.STREAM_CLOSED, "HEADERS behind the end");
        receivedHead(block, end);
    }

    /** The trailers of either side: no pseudo-headers, the end of the stream, and all that was promised has come. */
    void trailers(FieldBlock block, boolean end) {
        if (!end) throw error(Http2Error.PROTOCOL_ERROR, "trailers that end nothing (section 8.1)");
        if (!block.pseudo().isEmpty()) throw error(Http2Error.PROTOCOL_ERROR, "a pseudo-header in trailers");
        block.fault().ifPresent(fault -> {
            throw error(Http2Error.PROTOCOL_ERROR, fault.detail());
        });
        var fields = block.fields();
        if (fields.has("content-length") || fields.has("host") || fields.has("te") || fields.has("trailer")) {
            throw error(Http2Error.PROTOCOL_ERROR, "a framing or routing field in trailers (RFC 9110, 6.5.1)");
        }
        checkLength();
        received(fields);
    }

    private void received(Headers last) {
        peerEnded = true;
        passHeld();
        if (closed) return;
        receivedEnd(last);
        if (ended) close(ClosedStreams.End.WHOLE);
    }

    void checkLength() {
        if (promised >= 0 && arrived != promised) {
            throw error(Http2Error.PROTOCOL_ERROR, "content-length and DATA differ (section 8.1.1)");
        }
    }

    /** The content-length that DATA must keep to. */
    void promise(long bytes) {
        promised = bytes;
    }

    /** Whether as much has come as was promised: any more is an error. */
    final boolean hasAllPromised() {
        return promised >= 0 && arrived == promised;
    }

    void peerEnded() {
        peerEnded = true;
    }

    boolean hasPeerEnded() {
        return peerEnded;
    }

    ProtocolError error(Http2Error error, String detail) {
        return ProtocolError.of(id, error, detail);
    }

    /** No byte is given back to the peer's window from here on, so that it stops. */
    final void pauseReading() {
        paused = true;
    }

    final void resumeReading() {
        if (!paused) return;
        paused = false;
        passHeld();
        giveBack();
    }

    private void gather(ByteBuf data) {
        session.bytes().add(data.readableBytes());
        held = session.gather(held, data);
    }

    /** What came while nobody took it lies in one buffer, however small the frames were that brought it. */
    private void passHeld() {
        if (!held.isReadable()) return;
        var chunk = held;
        held = Unpooled.EMPTY_BUFFER;
        session.bytes().add(-chunk.readableBytes());
        received(chunk);
        readComplete();
    }

    private void giveBack() {
        if (paused || peerEnded || closed || owed < session.limits().window() / 2) return;
        session.writer().windowUpdate(id, owed);
        receiveWindow += owed;
        owed = 0;
        session.flushSoon();
    }

    // Sending.

    /** Takes ownership. Leaves with the next flush, or with the end. */
    final void send(ByteBuf chunk) {
        if (closed || ending || !chunk.isReadable()) {
            chunk.release();
            return;
        }
        queue.add(chunk);
        queued += chunk.readableBytes();
        session.bytes().add(chunk.readableBytes());
    }

    final void sendEnd(Headers last) {
        if (closed || ending) return;
        ending = true;
        trailers = last;
        push();
    }

    /** Our head said it all. */
    final void headWasAll() {
        ending = true;
        end();
    }

    final boolean canTake() {
        var can = queued < (session.bytes().isTight() ? LOW : HIGH) && session.isWritable();
        if (!can) stalled = true;
        return can;
    }

    /** Sends what the windows allow. */
    final void push() {
        while (!waitsForTurn && pushOne()) {}
        tellWritable();
    }

    /**
     * Sends one frame.
     *
     * @return whether another could follow
     */
    final boolean pushOne() {
        if (closed || ended) return false;
        var chunk = queue.peek();
        if (chunk == null) {
            if (ending) sendLast();
            return false;
        }
        var own = sendWindow();
        if (own <= 0) return false;
        var room = Math.min(
                Math.min(own, session.window().toSend()), session.writer().maxFrame());
        if (room <= 0) {
            awaitTurn();
            return false;
        }
        sendFrame(chunk, (int) Math.min(room, chunk.readableBytes()));
        return !ended;
    }

    private void sendFrame(ByteBuf chunk, int size) {
        var whole = size == chunk.readableBytes();
        if (whole) queue.poll();
        var payload = whole ? chunk : chunk.readRetainedSlice(size);
        queued -= size;
        session.bytes().add(-size);
        credit -= size;
        session.spend(size, !whole && size < CRUMB);
        var last = ending && queue.isEmpty() && trailers.isEmpty();
        session.writer().data(id, payload, last);
        if (last) end();
    }

    private void sendLast() {
        if (trailers.isEmpty()) session.writer().data(id, Unpooled.EMPTY_BUFFER, true);
        else session.writer().headers(id, Headers.empty(), trailers, true);
        end();
    }

    private void end() {
        ended = true;
        sentAll();
        if (!closed && peerEnded) close(ClosedStreams.End.WHOLE);
    }

    boolean hasEnded() {
        return ended;
    }

    private long sendWindow() {
        return credit + session.initialSendWindow();
    }

    /** Waits for the connection's window and room; at once, or with the end of this read, it has its turn. */
    final void awaitTurn() {
        if (waitsForTurn || closed || queue.isEmpty()) return;
        waitsForTurn = true;
        session.window().await(this);
    }

    final void isItsTurn() {
        waitsForTurn = false;
    }

    void tellWritable() {
        if (!stalled || closed || queued > LOW || !session.isWritable()) return;
        stalled = false;
        writableAgain();
    }

    void windowUpdate(int bytes) {
        credit += bytes;
        if (sendWindow() > Integer.MAX_VALUE) throw error(Http2Error.FLOW_CONTROL_ERROR, WINDOW_OVERFLOW);
        awaitTurn();
    }

    /** The initial window is another now. */
    final void windowMoved() {
        // Section 6.9.2: an error of the connection.
        if (sendWindow() > Integer.MAX_VALUE) throw Session.fatal(Http2Error.FLOW_CONTROL_ERROR, WINDOW_OVERFLOW);
        if (sendWindow() > 0) awaitTurn();
    }

    // The end.

    /** What waits to be sent is not sent: the end may follow at once. */
    final void dropQueued() {
        session.bytes().add(-queued);
        for (var chunk = queue.poll(); chunk != null; chunk = queue.poll()) chunk.release();
        queued = 0;
        session.window().forget(this);
        waitsForTurn = false;
    }

    /** Both sides are done with it, whole or not. */
    final void close(ClosedStreams.End how) {
        if (closed) return;
        closed = true;
        dropQueued();
        session.bytes().add(-held.readableBytes());
        held.release();
        held = Unpooled.EMPTY_BUFFER;
        session.closed(this, how);
    }

    final void reset(Http2Error error) {
        if (closed) return;
        session.writer().reset(id, error);
        close(ClosedStreams.End.RESET_BY_US);
        session.flushSoon();
    }

    /** What it holds, either way. */
    final long heldBytes() {
        return queued + held.readableBytes();
    }

    /** Ends so that others go on: of all streams it holds the most. */
    abstract void shed();

    final boolean isClosed() {
        return closed;
    }
}
