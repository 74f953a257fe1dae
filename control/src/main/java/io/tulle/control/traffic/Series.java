package io.tulle.control.traffic;

import io.tulle.xds.registry.EdgeCounts;
import io.tulle.xds.registry.EdgeCounts.Calls;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;

/** One counted edge over the last minute: what it stood at, heartbeat by heartbeat. Guarded by its owner. */
final class Series {
    private static final Duration KEPT = Duration.ofMinutes(1);

    private final ArrayDeque<Sample> samples = new ArrayDeque<>();

    private record Sample(Instant at, EdgeCounts counts) {}

    /** Begins at what is told first: when that was counted is not known. */
    static Series from(Instant now, EdgeCounts counts) {
        var series = new Series();
        series.samples.add(new Sample(now, counts));
        return series;
    }

    /** Begins at zero: at that time the edge was not there yet. */
    static Series since(Instant before, EdgeCounts.Edge edge) {
        return from(before, zero(edge));
    }

    void add(Instant now, EdgeCounts counts) {
        var last = samples.getLast();
        if (now.isBefore(last.at())) samples.clear(); // the clock was set back
        else if (isLess(counts, last.counts())) { // the sidecar started anew, and counts from zero
            samples.clear();
            samples.add(new Sample(last.at(), zero(counts.edge())));
        }
        samples.add(new Sample(now, counts));
        prune(now.minus(KEPT));
    }

    /** Nothing has changed since the last heartbeat. */
    void rest(Instant now) {
        add(now, latest());
    }

    EdgeCounts latest() {
        return samples.getLast().counts();
    }

    /** Over the last heartbeats that span at least the window, or over all where they do not. */
    Rate rate(Duration window) {
        var last = samples.getLast();
        var from = samples.getFirst();
        for (var sample : samples) {
            if (sample.at().isAfter(last.at().minus(window))) break;
            from = sample;
        }
        var seconds = Duration.between(from.at(), last.at()).toNanos() / 1e9;
        return Rate.between(from.counts(), last.counts(), seconds);
    }

    /** The newest sample from before stays, so that a whole minute can be told. */
    private void prune(Instant oldest) {
        while (samples.size() > 2) {
            var first = samples.removeFirst();
            if (samples.getFirst().at().isAfter(oldest)) {
                samples.addFirst(first);
                return;
            }
        }
    }

    private static boolean isLess(EdgeCounts now, EdgeCounts before) {
        return now.calls().requests() < before.calls().requests()
                || now.calls().failed() < before.calls().failed()
                || now.calls().denied() < before.calls().denied()
                || now.opened() < before.opened()
                || now.closed() < before.closed();
    }

    private static EdgeCounts zero(EdgeCounts.Edge edge) {
        return new EdgeCounts(edge, Calls.NONE, 0, 0);
    }
}
