package io.tulle.proxy.http2;

/** Remembers how the last streams of a connection ended: what may still come for them differs (RFC 9113 section 5.1). */
final class ClosedStreams {
    /** How a stream ended. */
    enum End {
        /** Both sides said all. */
        WHOLE,
        RESET_BY_PEER,
        /** The peer may not know yet, and goes on for a while. */
        RESET_BY_US,
        FORGOTTEN
    }

    private static final int KEPT = 256;

    private final int[] ids = new int[KEPT];
    private final End[] ends = new End[KEPT];
    private int next;

    void add(int id, End end) {
        ids[next] = id;
        ends[next] = end;
        next = (next + 1) % KEPT;
    }

    End of(int id) {
        for (int i = 0; i < KEPT; i++) {
            if (ids[i] == id) return ends[i];
        }
        return End.FORGOTTEN;
    }
}
