package io.tulle.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.tulle.proxy.message.Headers;
import io.tulle.proxy.message.Reason;

/**
 * Reads messages of one direction of one connection, one at a time: after each it is held until {@link #next}, so that
 * a pipelined request is not looked at before the answer to the one before it has left.
 *
 * <pre>
 *   held --next--> START_LINE --> FIELDS --> BODY --> held
 *                      ^------------' interim
 *                                 tunnel(): BODY for ever
 * </pre>
 */
final class MessageReader {
    private enum State {
        HELD,
        START_LINE,
        FIELDS,
        BODY
    }

    private final Grammar grammar;
    private final Lines lines;
    private final BodyReader body;
    private final int maxFields;
    private State state = State.HELD;
    private Headers fields = Headers.empty();

    MessageReader(Grammar grammar, Limits limits) {
        this.grammar = grammar;
        this.lines = new Lines(limits.headBytes());
        this.maxFields = limits.fields();
        this.body = new BodyReader(grammar, limits);
    }

    /** Lets the next message in. */
    void next() {
        state = State.START_LINE;
        lines.restart();
        lines.shrink();
    }

    /** From here on all bytes are body, without end. */
    void tunnel() {
        body.start(Framing.TUNNEL);
        state = State.BODY;
    }

    boolean isHeld() {
        return state == State.HELD;
    }

    /** Whether bytes of a message have come, but not yet its end. */
    boolean isInside() {
        return state == State.FIELDS || state == State.BODY || (state == State.START_LINE && lines.isInside());
    }

    /** Whether a head has begun and is not whole. */
    boolean isInsideHead() {
        return state == State.FIELDS || (state == State.START_LINE && lines.isInside());
    }

    /**
     * Takes what can be understood; what is left is needed again with more.
     *
     * @throws Malformed when there is no one reading
     */
    void read(ByteBuf in) {
        while (in.isReadable()) {
            var advanced = switch (state) {
                case HELD -> false;
                case START_LINE -> startLine(in);
                case FIELDS -> field(in);
                case BODY -> body(in);
            };
            if (!advanced) return;
        }
    }

    /** The connection has no more bytes: whole if that is how this message ends, cut off otherwise. */
    boolean endsWithConnection() {
        return state == State.BODY && body.endsWithConnection();
    }

    private boolean startLine(ByteBuf in) {
        if (!lines.take(in)) return false;
        if (!grammar.startLine(lines)) return true;
        fields = Headers.empty();
        state = State.FIELDS;
        return true;
    }

    private boolean field(ByteBuf in) {
        if (!lines.take(in)) return false;
        if (lines.length() > 0) {
            if (fields.count() == maxFields)
                throw new Malformed(Reason.HEAD_TOO_LARGE, "over " + maxFields + " fields");
            FieldLine.read(lines, fields);
            return true;
        }
        state = State.HELD; // first, since the listener may be done with this message at once and call next()
        var framing = grammar.head(fields);
        if (grammar.isInterim()) {
            state = State.START_LINE; // within the same limit: interim answers are heads of one message
        } else if (!(framing instanceof Framing.Nothing)) {
            body.start(framing);
            state = State.BODY;
        }
        return true;
    }

    private boolean body(ByteBuf in) {
        if (!body.read(in)) return false;
        state = State.HELD;
        grammar.end(body.trailers());
        return true;
    }
}
