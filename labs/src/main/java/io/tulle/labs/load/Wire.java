package io.tulle.labs.load;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One connection. The pacer takes an idle one and writes; everything else happens on the switchboard's thread. Who wins the step
 * from idle decides whether a peer's close hit a request or only an idle connection.
 *
 * <pre>idle ──(pacer)→ busy ──(switchboard)→ idle | gone;   idle ──(switchboard)→ gone</pre>
 */
final class Wire {
    private sealed interface State {
        record Idle(long since) implements State {}

        record Busy(Flight flight) implements State {}

        record Gone(boolean unannounced) implements State {}
    }

    private final SocketChannel channel;
    private final AtomicReference<State> state;
    private volatile @Nullable SelectionKey key;

    private Wire(SocketChannel channel, State state) {
        this.channel = channel;
        this.state = new AtomicReference<>(state);
    }

    /** Not yet connected; the flight leaves as soon as it is. */
    static Wire toBe(SocketChannel channel, Flight flight) {
        return new Wire(channel, new State.Busy(flight));
    }

    /** Connected, with nothing to do. */
    static Wire idle(SocketChannel channel, long now) {
        return new Wire(channel, new State.Idle(now));
    }

    SocketChannel channel() {
        return channel;
    }

    void watchedBy(SelectionKey watched) {
        this.key = watched;
    }

    boolean isBusyWith(Flight flight) {
        return state.get() instanceof State.Busy(var own) && own == flight;
    }

    @Nullable
    Flight flight() {
        return state.get() instanceof State.Busy(var flight) ? flight : null;
    }

    /** The pacer's step: false when the connection went in the meantime. */
    boolean take(Flight flight) {
        var now = state.get();
        return now instanceof State.Idle && state.compareAndSet(now, new State.Busy(flight));
    }

    /** Writes what the socket takes; the rest goes when the selector says so. */
    void write(Flight flight) throws IOException {
        channel.write(flight.bytes());
        var watched = key;
        if (flight.bytes().hasRemaining() && watched != null) {
            watched.interestOpsOr(SelectionKey.OP_WRITE);
            watched.selector().wakeup();
        }
    }

    void rest(long now) {
        state.set(new State.Idle(now));
    }

    /**
     * The switchboard's step when the peer ended an idle connection.
     *
     * @return false when the pacer was faster: a request is lost with it
     */
    boolean goIdle(long now, long grace) {
        var before = state.get();
        return before instanceof State.Gone
                || (before instanceof State.Idle(var since)
                        && state.compareAndSet(before, new State.Gone(now - since < grace)));
    }

    /** Whether the peer ended it soon after use and without a word, so that the next request had to connect anew. */
    boolean wentUnannounced() {
        return state.get() instanceof State.Gone(var unannounced) && unannounced;
    }

    void close() {
        state.updateAndGet(last -> last instanceof State.Gone ? last : new State.Gone(false));
        try {
            channel.close();
        } catch (IOException _) {
            // It is gone either way.
        }
    }
}
