package io.tulle.proxy.http2;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Error;

/** Answers beyond DATA that wait for a peer which does not read them: they would fill our memory (CVE-2019-9512, CVE-2019-9515). */
final class Unread {
    private static final int MANY = 1_000;
    /** Heads of answers, resets and acknowledgements; DATA waits in its streams. */
    private static final int MOST_BYTES = 1024 * 1024;

    private final Channel channel;
    private int answers;

    Unread(Channel channel) {
        this.channel = channel;
    }

    /** The channel takes bytes again. */
    void drained() {
        answers = 0;
    }

    /**
     * Notes an answer that only acknowledges.
     *
     * @throws ProtocolError when it is one of too many that wait
     */
    void acknowledging() {
        if (!channel.isWritable()) another();
    }

    /**
     * Whether so much waits that a request gets no further answer.
     *
     * @throws ProtocolError when that does not stop the peer
     */
    boolean isTooMuch() {
        if (channel.bytesBeforeWritable() <= MOST_BYTES) return false;
        another();
        return true;
    }

    private void another() {
        if (++answers <= MANY) return;
        throw ProtocolError.ofConnection(Http2Error.ENHANCE_YOUR_CALM, "answers that the peer does not read");
    }
}
