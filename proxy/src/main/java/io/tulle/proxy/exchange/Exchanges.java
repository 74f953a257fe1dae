package io.tulle.proxy.exchange;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Ticker;
import io.tulle.proxy.message.Caller;
import io.tulle.proxy.message.Connection;
import io.tulle.proxy.message.FromCaller;
import io.tulle.proxy.message.Headers;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.RequestHead;
import io.tulle.proxy.message.Wire;
import io.tulle.proxy.report.Outcome;
import java.time.Clock;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Opens the exchanges of one event loop. Doors of that loop, and nobody else, call it. */
public final class Exchanges {
    private final EventLoop loop;
    private final Shared shared;
    private final ExchangeSettings settings;
    private final BooleanSupplier draining;

    /** The hour of the day, for logs, and a clock that only runs forward, for durations. */
    public record Time(Clock clock, Ticker ticker) {}

    public Exchanges(EventLoop loop, Shared shared, ExchangeSettings settings, BooleanSupplier draining) {
        this.loop = loop;
        this.shared = shared;
        this.settings = settings;
        this.draining = draining;
    }

    /**
     * Begins an exchange. The caller may be answered before this returns.
     *
     * @param whole whether the head is the whole request
     */
    public FromCaller open(Connection connection, RequestHead head, boolean whole, Caller caller) {
        var exchange = new Exchange(this, connection, asItCame(connection, head), whole, caller);
        if (shared.holdings().turnsAway()) exchange.overloaded();
        else exchange.begin();
        return exchange;
    }

    /** At a door the connection says the scheme, whatever the request does. */
    private static RequestHead asItCame(Connection connection, RequestHead head) {
        if (connection.side() != Connection.Side.DOOR || head.scheme().equals(connection.scheme())) return head;
        return head.by(connection.scheme());
    }

    /**
     * Says what to answer to bytes that are no request, and reports them.
     *
     * @param detail for the log
     * @param toHead whether they began as a HEAD, whose answer has no body
     * @param alone whether no exchange was open, so that nothing else reports it
     */
    public MeshAnswer refuse(
            Connection connection, Wire wire, Reason reason, String detail, boolean toHead, boolean alone) {
        var requestId = shared.newRequestId();
        if (alone) {
            var unread = new RequestHead(wire, "-", "http", "-", "-", "", Headers.empty(), Optional.empty());
            var ledger = new Ledger(shared, connection, unread, requestId, Optional.empty());
            ledger.end(new Outcome(reason.status(), Optional.of(reason), false, detail, false), 0);
        }
        return MeshAnswer.of(reason, reason.status(), toHead, requestId, "");
    }

    /**
     * Whether this caller should be told to go elsewhere for its next request. The own application may go on calling while
     * the sidecar drains: what is in flight towards it may need that.
     */
    public boolean isDraining(Connection connection) {
        var drains = connection.side() != Connection.Side.OUTBOUND && draining.getAsBoolean();
        return drains || isUnserved(connection);
    }

    /** Whether the plan of this moment has nothing any more for what it came for. */
    public boolean isUnserved(Connection connection) {
        return shared.plan().current().chain(connection.destination()).isEmpty();
    }

    public Holdings holdings() {
        return shared.holdings();
    }

    EventLoop loop() {
        return loop;
    }

    Shared shared() {
        return shared;
    }

    ExchangeSettings settings() {
        return settings;
    }

    long now() {
        return shared.now();
    }
}
