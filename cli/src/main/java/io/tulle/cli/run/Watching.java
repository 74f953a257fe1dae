package io.tulle.cli.run;

import io.tulle.model.SpiffeId;
import io.tulle.proxy.Observers;
import io.tulle.proxy.Sidecar;
import io.tulle.proxy.admin.Admin;
import io.tulle.proxy.observe.AccessLog;
import io.tulle.proxy.observe.EdgeSummary;
import io.tulle.proxy.observe.ExchangeListener;
import io.tulle.proxy.observe.LogQueue;
import io.tulle.proxy.observe.Metrics;
import io.tulle.proxy.observe.SelfLabels;
import io.tulle.xds.registry.TrafficReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What a run shows of its traffic: Istio's metrics and the admin pages on loopback, and an access log where one is wanted. */
public final class Watching implements AutoCloseable {
    private static final int WAITING_LINES = 10_000;

    private final Metrics metrics;
    private final Optional<LogQueue> log;
    private Optional<Admin> admin = Optional.empty();

    private Watching(Metrics metrics, Optional<LogQueue> log) {
        this.metrics = metrics;
        this.log = log;
    }

    /**
     * Begins to watch.
     *
     * @param accessLog the file that access log lines are added to; empty for none
     */
    public static Watching start(RunSettings settings, String mesh, String trustDomain, Optional<Path> accessLog) {
        var service = settings.service();
        var labels = settings.labels();
        var self = new SelfLabels(
                labels.getOrDefault("workload", service.name()),
                service.namespace(),
                labels.getOrDefault("app", service.name()),
                labels.getOrDefault("version", "unknown"),
                service.host(),
                mesh,
                settings.instance(),
                Optional.of(SpiffeId.of(trustDomain, service.namespace(), settings.account())));
        return new Watching(new Metrics(self), accessLog.map(Watching::open));
    }

    Observers observers() {
        var log = this.log.map(AccessLog::new);
        var exchanges = log.<ExchangeListener>map(lines -> ExchangeListener.all(List.of(metrics, lines)))
                .orElse(metrics);
        return new Observers(exchanges, metrics);
    }

    /** Opens the admin pages of a sidecar. */
    void show(Sidecar sidecar, BooleanSupplier ready) {
        metrics.follow(sidecar.plan());
        try {
            admin = Optional.of(Admin.start(0, Admin.Views.of(sidecar.plan(), ready, _ -> false, metrics)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was counted so far, edge by edge. */
    TrafficReport traffic() {
        return EdgeSummary.of(metrics.snapshots());
    }

    /** Where the admin pages stand. */
    public Optional<InetSocketAddress> address() {
        return admin.map(Admin::address);
    }

    @Override
    public void close() {
        admin.ifPresent(Admin::close);
        log.ifPresent(LogQueue::close);
    }

    private static LogQueue open(Path file) {
        try {
            return LogQueue.start(
                    Files.newBufferedWriter(
                            file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                    WAITING_LINES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
