package io.tulle.proxy.exchange;

/**
 * What the copies for mirrors on one event loop may take together: so many at a time, and so many bytes that wait. They are
 * the first to go without when memory is short, since nobody waits for them. Touched on that loop only.
 */
public final class CopyRoom {
    /** How many copies may be on their way at a time. */
    public static final int COPIES = 512;

    /** How many bytes of theirs may wait for mirrors that are slower than the real requests. */
    public static final int BYTES = 8 * 1024 * 1024;

    private final Holdings holdings;
    private int copies;
    private int bytes;

    CopyRoom(Holdings holdings) {
        this.holdings = holdings;
    }

    boolean tryBegin() {
        if (copies >= COPIES || holdings.isTight()) return false;
        copies++;
        return true;
    }

    void ended() {
        copies--;
    }

    /** Takes room for so many bytes; {@link #letGo} gives it back. */
    public boolean tryHold(int more) {
        if (bytes + more > BYTES || holdings.isTight()) return false;
        bytes += more;
        holdings.add(more);
        return true;
    }

    public void letGo(int held) {
        bytes -= held;
        holdings.add(-held);
    }
}
