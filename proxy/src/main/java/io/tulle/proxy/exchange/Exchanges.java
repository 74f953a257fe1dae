package io.tulle.proxy.exchange;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Ticker;
import io.tulle.proxy.observe.ExchangeListener;
import io.tulle.proxy.plan.LivePlan;
import io.tulle.proxy.pool.Pools;
import java.time.Clock;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** Opens the exchanges of one event loop. Doors of that loop, and nobody else, call it. */
public final class Exchanges {
    private final EventLoop loop;
    private final LivePlan plan;
    private final Pools pools;
    private final ExchangeSettings settings;
    private final ExchangeListener listener;
    private final Time time;
    private final RandomGenerator random;
    private final BooleanSupplier draining;

    /** The hour of the day, for logs, and a clock that only runs forward, for durations. */
    public record Time(Clock clock, Ticker ticker) {}

    public Exchanges(
            EventLoop loop,
            LivePlan plan,
            Pools pools,
            ExchangeSettings settings,
            ExchangeListener listener,
            Time time,
            RandomGenerator random,
            BooleanSupplier draining) {
        this.loop = loop;
        this.plan = plan;
        this.pools = pools;
        this.settings = settings;
        this.listener = listener;
        this.time = time;
        this.random = random;
        this.draining = draining;
    }

    /**
     * Begins an exchange. The caller may be answered before this returns.
     *
     * @param whole whether the head is the whole request
     */
    public FromCaller open(Connection connection, RequestHead head, boolean whole, Caller caller) {
        var exchange = new Exchange(this, connection, head, whole, caller);
        exchange.begin();
        return exchange;
    }

    /**
     * Says what to answer to bytes that are no request, and reports them.
     *
     * @param detail for the log
     * @param alone whether no exchange was open, so that nothing else reports it
     */
    public MeshAnswer refuse(Connection connection, Wire wire, Reason reason, String detail, boolean alone) {
        var requestId = newRequestId();
        if (alone) {
            var unread = new RequestHead(wire, "-", "http", "-", "-", "", Headers.empty(), Optional.empty());
            var ledger = new Ledger(this, connection, unread, requestId, Optional.empty());
            ledger.end(new Outcome(reason.status(), Optional.of(reason), false, detail, false), 0);
        }
        return MeshAnswer.of(reason, reason.status(), requestId, "");
    }

    /**
     * Whether this caller should be told to go elsewhere for its next request. The own application may go on calling while
     * the sidecar drains: what is in flight towards it may need that.
     */
    public boolean isDraining(Connection connection) {
        return connection.side() != Connection.Side.OUTBOUND && draining.getAsBoolean();
    }

    String newRequestId() {
        return RequestIds.draw(random);
    }

    EventLoop loop() {
        return loop;
    }

    LivePlan plan() {
        return plan;
    }

    Pools pools() {
        return pools;
    }

    ExchangeSettings settings() {
        return settings;
    }

    ExchangeListener listener() {
        return listener;
    }

    Time time() {
        return time;
    }

    long now() {
        return time.ticker().nanoTime();
    }

    RandomGenerator random() {
        return random;
    }
}
