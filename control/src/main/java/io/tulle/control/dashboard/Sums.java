package io.tulle.control.dashboard;

import io.tulle.control.dashboard.Edge.Security;
import io.tulle.control.traffic.Flow;
import io.tulle.control.traffic.Rate;

/** What the sidecars at one end of an edge say, added up. */
record Sums(Rate tenSeconds, Rate minute, long total, long open, boolean mutual, boolean plaintext) {
    static final Sums NONE = new Sums(Rate.NONE, Rate.NONE, 0, 0, false, false);

    Sums plus(Flow flow) {
        var counts = flow.total();
        return new Sums(
                tenSeconds.plus(flow.tenSeconds()),
                minute.plus(flow.minute()),
                total + counts.calls().requests() + counts.opened(),
                open + Math.max(0, counts.opened() - counts.closed()),
                mutual || counts.edge().mutualTls(),
                plaintext || !counts.edge().mutualTls());
    }

    boolean isNone() {
        return !mutual && !plaintext;
    }

    Security security() {
        if (mutual && plaintext) return Security.MIXED;
        return mutual ? Security.MUTUAL : Security.PLAINTEXT;
    }
}
