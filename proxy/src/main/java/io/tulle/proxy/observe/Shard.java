package io.tulle.proxy.observe;

import io.prometheus.metrics.model.snapshots.Labels;
import io.tulle.proxy.listen.Refusal;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One event loop's counters: written by that loop alone, read by whoever scrapes. */
final class Shard {
    /** How many flows are remembered; peers come and go. */
    private static final int REMEMBERED = 4096;

    private final Budget budget;
    private final Map<Labels, Tally> exchanges = new ConcurrentHashMap<>();
    private final Map<Labels, Tally> connections = new ConcurrentHashMap<>();
    private final Map<Refusal, Tally> refusals = new ConcurrentHashMap<>();
    private final Map<Flow, Tally> flows = new HashMap<>();
    private final Flow looked = new Flow();
    private Labeller labeller;

    Shard(Budget budget, Labeller labeller) {
        this.budget = budget;
        this.labeller = labeller;
    }

    @SuppressWarnings("ReferenceEquality") // a labeller is one plan's
    void exchange(ExchangeReport report, Labeller current) {
        if (current != labeller) {
            labeller = current;
            flows.clear();
        }
        looked.fill(report);
        var tally = looked.isComplete() ? flows.get(looked) : null;
        HttpSeries.count(tally == null ? found(report) : tally, report);
    }

    private Tally found(ExchangeReport report) {
        var labels = budget.admit(labeller.http(report));
        var tally = exchanges.computeIfAbsent(labels, _ -> new Tally(HttpSeries.PLACES));
        if (looked.isComplete()) {
            if (flows.size() >= REMEMBERED) flows.clear();
            flows.put(new Flow(looked), tally);
        }
        return tally;
    }

    void opened(TcpReport report, Labeller current) {
        TcpSeries.opened(connection(report, current));
    }

    void closed(TcpReport report, Labeller current) {
        TcpSeries.closed(connection(report, current), report);
    }

    private Tally connection(TcpReport report, Labeller current) {
        var labels = budget.admit(current.tcp(report));
        return connections.computeIfAbsent(labels, _ -> new Tally(TcpSeries.PLACES));
    }

    void refused(Refusal refusal) {
        refusals.computeIfAbsent(refusal, _ -> new Tally(1)).add(0, 1);
    }

    Map<Labels, Tally> exchanges() {
        return exchanges;
    }

    Map<Labels, Tally> connections() {
        return connections;
    }

    Map<Refusal, Tally> refusals() {
        return refusals;
    }
}
