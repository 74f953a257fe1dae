package io.tulle.proxy.listen;

import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Which destinations the application uses: one is wanted when it is first dialled, and let go after an hour in which no connection to
 * it was open. Shared by all loops; asked once a connection.
 */
public final class Uses {
    private static final long IDLE_NANOS = Duration.ofHours(1).toNanos();

    private final Ticker ticker;
    private final Map<String, Use> uses = new HashMap<>(); // by canonical host; guarded by this
    private DestinationDesk desk =
            DestinationDesk.NONE; // guarded by this: what it hears is in the order in which it is meant

    private static final class Use {
        private int open;
        private long idleSince;
    }

    public Uses(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Who is asked from now on; what is in use already is asked for there. */
    public synchronized void ask(DestinationDesk other) {
        desk = other;
        uses.keySet().forEach(desk::want);
    }

    /** Somebody uses it, until {@link #end}. */
    public synchronized void begin(String host) {
        var use = uses.get(host);
        if (use == null) {
            use = new Use();
            uses.put(host, use);
            desk.want(host);
        }
        use.open++;
    }

    public synchronized void end(String host) {
        var use = uses.get(host);
        if (use == null) return;
        use.open--;
        use.idleSince = ticker.nanoTime();
    }

    /** It was used before: it is wanted as if it had been dialled now. */
    public void remember(String host) {
        begin(host);
        end(host);
    }

    /** Lets go what has not been used for an hour. */
    public synchronized void sweep() {
        var now = ticker.nanoTime();
        uses.entrySet().removeIf(each -> {
            var use = each.getValue();
            if (use.open > 0 || now - use.idleSince < IDLE_NANOS) return false;
            desk.release(each.getKey());
            return true;
        });
    }
}
