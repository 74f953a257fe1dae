package io.tulle.proxy.observe;

import io.prometheus.metrics.model.snapshots.Labels;
import io.tulle.proxy.filter.DryRun;
import io.tulle.proxy.message.Connection;
import io.tulle.proxy.plan.Chain;
import io.tulle.proxy.report.ExchangeListener.Copied;
import io.tulle.proxy.report.ExchangeReport;
import io.tulle.proxy.report.Refusal;
import io.tulle.proxy.report.TcpReport;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One event loop's counters: written by that loop alone, read by whoever scrapes. */
final class Shard {
    /** How many flows are remembered; peers come and go. */
    private static final int REMEMBERED = 4096;

    private final Budget budget;
    private final Map<Naming, Tally> exchanges = new ConcurrentHashMap<>();
    private final Map<Naming, Tally> relayed = new ConcurrentHashMap<>();
    private final Map<Naming, Tally> callers = new ConcurrentHashMap<>();
    private final Map<Refusal, Tally> refusals = new ConcurrentHashMap<>();
    private final Map<Labels, Tally> copies = new ConcurrentHashMap<>();
    private final Map<DryRun.Said, Tally> tries = new ConcurrentHashMap<>();
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
        var naming = admitted(labeller.http(report));
        var tally = exchanges.computeIfAbsent(naming, _ -> new Tally(HttpSeries.PLACES));
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
        return relayed.computeIfAbsent(admitted(current.tcp(report)), _ -> new Tally(TcpSeries.PLACES));
    }

    /** What waits for a peer's name is admitted when it has one. */
    private Naming admitted(Naming naming) {
        return naming.isComplete() ? Naming.complete(budget.admit(naming.labels())) : naming;
    }

    void accepted(Connection connection, Chain chain, Labeller current) {
        CallerSeries.accepted(caller(connection, chain, current));
    }

    void ended(Connection connection, Chain chain, Labeller current) {
        CallerSeries.ended(caller(connection, chain, current));
    }

    private Tally caller(Connection connection, Chain chain, Labeller current) {
        var naming = admitted(Naming.complete(current.connection(connection, chain)));
        return callers.computeIfAbsent(naming, _ -> new Tally(CallerSeries.PLACES));
    }

    void refused(Refusal refusal) {
        refusals.computeIfAbsent(refusal, _ -> new Tally(1)).add(0, 1);
    }

    void copied(String cluster, Copied what) {
        var labels =
                Labels.of("destination_cluster", cluster, "result", what.name().toLowerCase(Locale.ROOT));
        copies.computeIfAbsent(labels, _ -> new Tally(1)).add(0, 1);
    }

    /** As many as there are rules of policies that are only tried. */
    void tried(DryRun.Said said) {
        tries.computeIfAbsent(said, _ -> new Tally(1)).add(0, 1);
    }

    Map<DryRun.Said, Tally> tries() {
        return tries;
    }

    Map<Labels, Tally> copies() {
        return copies;
    }

    Map<Naming, Tally> exchanges() {
        return exchanges;
    }

    Map<Naming, Tally> relayed() {
        return relayed;
    }

    Map<Naming, Tally> callers() {
        return callers;
    }

    Map<Refusal, Tally> refusals() {
        return refusals;
    }
}
