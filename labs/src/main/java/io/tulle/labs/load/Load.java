package io.tulle.labs.load;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.function.LongFunction;

/**
 * An open-loop load, described; {@link #times} or {@link #start} sends it. Open loop: request k is due at k / rate seconds from the
 * start whether or not the earlier ones have been answered. It is never skipped, never delayed by them and never sent twice.
 *
 * <pre>{@code
 * var report = Load.to(address).at(200).asking(Ask.get("/items")).times(1000);
 * }</pre>
 */
public final class Load {
    /** All that is known of a load before it starts. */
    record Terms(
            InetSocketAddress to,
            double perSecond,
            LongFunction<Ask> asking,
            Connections connections,
            Duration timeout,
            int opened,
            boolean bodies) {}

    private final Terms terms;
    private final Clock clock;

    private Load(Terms terms, Clock clock) {
        this.terms = terms;
        this.clock = clock;
    }

    /** {@code GET /} 200 times a second on reused connections, each waiting 10 s at most, until told otherwise. */
    public static Load to(InetSocketAddress address) {
        return to(address, Clock.systemUTC());
    }

    static Load to(InetSocketAddress address, Clock clock) {
        if (address.isUnresolved()) throw new IllegalArgumentException("no address is known for " + address);
        var get = Ask.get("/");
        return new Load(new Terms(address, 200, _ -> get, Connections.REUSED, Duration.ofSeconds(10), 0, true), clock);
    }

    public Load at(double perSecond) {
        if (!(perSecond > 0)) throw new IllegalArgumentException("a rate above 0, not " + perSecond);
        var t = terms;
        return changed(new Terms(t.to, perSecond, t.asking, t.connections, t.timeout, t.opened, t.bodies));
    }

    /** The same request every time. */
    public Load asking(Ask ask) {
        return asking((long _) -> ask);
    }

    /** A request for each index, made at the moment when it is due. */
    public Load asking(LongFunction<Ask> asking) {
        var t = terms;
        return changed(new Terms(t.to, t.perSecond, asking, t.connections, t.timeout, t.opened, t.bodies));
    }

    public Load connections(Connections connections) {
        var t = terms;
        return changed(new Terms(t.to, t.perSecond, t.asking, connections, t.timeout, t.opened, t.bodies));
    }

    /** How long each request may take from the moment when it was due. */
    public Load timeout(Duration timeout) {
        var t = terms;
        return changed(new Terms(t.to, t.perSecond, t.asking, t.connections, timeout, t.opened, t.bodies));
    }

    /** This many connections stand before the first request is due; they are used in turn. */
    public Load opening(int connections) {
        var t = terms;
        return changed(new Terms(t.to, t.perSecond, t.asking, t.connections, t.timeout, connections, t.bodies));
    }

    /** Keeps neither headers nor bodies of answers, which are read as strictly: for long loads. */
    public Load withoutBodies() {
        var t = terms;
        return changed(new Terms(t.to, t.perSecond, t.asking, t.connections, t.timeout, t.opened, false));
    }

    private Load changed(Terms changed) {
        return new Load(changed, clock);
    }

    /** Sends this many and returns when the last has its outcome. */
    public Report times(long count) {
        return Running.start(terms, clock, count).finish();
    }

    /** Sends until it is told to stop. */
    public Running start() {
        return Running.start(terms, clock, Long.MAX_VALUE);
    }
}
