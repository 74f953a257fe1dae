package io.tulle.proxy.observe;

import io.netty.util.concurrent.FastThreadLocal;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.tulle.proxy.message.Connection;
import io.tulle.proxy.plan.Chain;
import io.tulle.proxy.plan.LivePlan;
import io.tulle.proxy.plan.Plan;
import io.tulle.proxy.report.ConnectionListener;
import io.tulle.proxy.report.ExchangeListener;
import io.tulle.proxy.report.ExchangeReport;
import io.tulle.proxy.report.Refusal;
import io.tulle.proxy.report.TcpReport;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * A sidecar's numbers under Istio's names. Each event loop counts in a shard of its own; a scrape adds the shards up.
 * Peers are labelled from the plan's table by the instance id that their certificate proved. One that is not there yet is
 * asked for; what is counted of it meanwhile is shown when the answer came, or when there will be none.
 */
public final class Metrics implements ExchangeListener, ConnectionListener {
    /** How many label sets a sidecar shows unless told otherwise. */
    public static final int SERIES = 2000;

    private final SelfLabels self;
    private final Budget budget;
    private final List<Shard> shards = new CopyOnWriteArrayList<>();
    private final FastThreadLocal<Shard> own = new FastThreadLocal<>() {
        @Override
        protected Shard initialValue() {
            var shard = new Shard(budget, labeller);
            shards.add(shard);
            return shard;
        }
    };
    private final ConcurrentMap<Naming, Labels> settled = new ConcurrentHashMap<>();
    private Acquaintances acquaintances = Acquaintances.NONE;
    private volatile Labeller labeller;

    public Metrics(SelfLabels self) {
        this(self, SERIES);
    }

    /**
     * @param series how many distinct label sets are shown; the rest is counted as {@code other}
     */
    public Metrics(SelfLabels self, int series) {
        this.self = self;
        this.budget = new Budget(series);
        this.labeller = new Labeller(self, Plan.EMPTY, acquaintances);
    }

    /** Takes peers from this plan, now and after each change, as far as it knows them. */
    public Metrics follow(LivePlan plan) {
        return follow(plan, Acquaintances.NONE);
    }

    /** The same, and asks for those whom it does not know. */
    public Metrics follow(LivePlan plan, Acquaintances asking) {
        acquaintances = asking;
        plan.onChange(this::follow);
        follow(plan.current());
        return this;
    }

    private void follow(Plan plan) {
        acquaintances.heard(plan.snapshot());
        labeller = new Labeller(self, plan, acquaintances);
        // At once, lest a peer that goes again is never shown under its name.
        for (var shard : shards) {
            shard.exchanges().keySet().forEach(this::settle);
            shard.relayed().keySet().forEach(this::settle);
        }
    }

    /** What something is shown under, for good once it is known: a counter never moves from one series to another. */
    private Optional<Labels> settle(Naming naming) {
        if (naming.isComplete()) return Optional.of(naming.labels());
        var known = settled.get(naming);
        if (known != null) return Optional.of(known);
        return labeller.settled(naming).map(labels -> settled.computeIfAbsent(naming, _ -> budget.admit(labels)));
    }

    @Override
    public void ended(ExchangeReport report) {
        own.get().exchange(report, labeller);
        report.dryRun().ifPresent(said -> own.get().tried(said));
    }

    @Override
    public void copied(String cluster, Copied what) {
        own.get().copied(cluster, what);
    }

    @Override
    public void accepted(Connection connection, Chain chain) {
        if (!labeller.isItself(connection, chain)) own.get().accepted(connection, chain, labeller);
    }

    @Override
    public void ended(Connection connection, Chain chain) {
        if (!labeller.isItself(connection, chain)) own.get().ended(connection, chain, labeller);
    }

    @Override
    public void opened(TcpReport report) {
        if (!labeller.isItself(report)) own.get().opened(report, labeller);
    }

    @Override
    public void closed(TcpReport report) {
        if (!labeller.isItself(report)) own.get().closed(report, labeller);
        report.dryRun().ifPresent(said -> own.get().tried(said));
    }

    @Override
    public void refused(SocketAddress remote, Refusal refusal, String detail) {
        own.get().refused(refusal);
    }

    /** All numbers as they are now. */
    public MetricSnapshots snapshots() {
        var all = new ArrayList<MetricSnapshot>();
        all.addAll(HttpSeries.snapshots(merged(Shard::exchanges, HttpSeries.PLACES)));
        all.addAll(TcpSeries.snapshots(merged(Shard::relayed, TcpSeries.PLACES)));
        all.addAll(CallerSeries.snapshots(merged(Shard::callers, CallerSeries.PLACES)));
        all.add(refusals());
        all.add(copies());
        all.add(tries());
        return new MetricSnapshots(all);
    }

    private Map<Labels, Tally> merged(Function<Shard, Map<Naming, Tally>> part, int places) {
        var sums = new LinkedHashMap<Labels, Tally>();
        for (var shard : shards) {
            part.apply(shard)
                    .forEach((naming, tally) -> settle(naming)
                            .ifPresent(labels -> sums.computeIfAbsent(labels, _ -> new Tally(places))
                                    .merge(tally)));
        }
        return sums;
    }

    private MetricSnapshot copies() {
        var counts = new LinkedHashMap<Labels, Tally>();
        for (var shard : shards) {
            shard.copies()
                    .forEach((labels, tally) ->
                            counts.computeIfAbsent(labels, _ -> new Tally(1)).merge(tally));
        }
        return Metric.counter("tulle_mirrored_requests", "Copies of requests for mirrors.", counts, 0);
    }

    private MetricSnapshot tries() {
        var counts = new LinkedHashMap<Labels, Tally>();
        for (var shard : shards) {
            shard.tries()
                    .forEach((said, tally) -> counts.computeIfAbsent(
                                    Labels.of("result", said.effect().written(), "policy", said.policy()),
                                    _ -> new Tally(1))
                            .merge(tally));
        }
        return Metric.counter(
                "tulle_dry_run_requests", "Requests and connections that dry runs were asked about.", counts, 0);
    }

    private MetricSnapshot refusals() {
        var counts = new LinkedHashMap<Labels, Tally>();
        for (var shard : shards) {
            shard.refusals()
                    .forEach((refusal, tally) -> counts.computeIfAbsent(
                                    Labels.of("code", refusal.code()), _ -> new Tally(1))
                            .merge(tally));
        }
        return Metric.counter("tulle_connections_refused", "Connections closed before they were served.", counts, 0);
    }
}
