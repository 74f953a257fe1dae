package io.tulle.proxy.relay;

import io.tulle.proxy.exchange.Shared;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The open relays of one event loop, so that a changed policy can be asked about each. Touched on that loop only. */
public final class Relays {
    private final Shared shared;
    private final Set<TcpDoor> open = new HashSet<>();

    public Relays(Shared shared) {
        this.shared = shared;
    }

    /** Closes what the policies in force do not allow any more. A chain that is gone lets its connections end by themselves. */
    public void judgeAgain() {
        List.copyOf(open).forEach(TcpDoor::judgeAgain);
    }

    void opened(TcpDoor door) {
        open.add(door);
    }

    void closed(TcpDoor door) {
        open.remove(door);
    }

    Shared shared() {
        return shared;
    }
}
