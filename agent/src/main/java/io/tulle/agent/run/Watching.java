package io.tulle.agent.run;

import io.tulle.agent.log.LogLevel;
import io.tulle.model.SpiffeId;
import io.tulle.model.world.WorkloadNames;
import io.tulle.proxy.Sidecar;
import io.tulle.proxy.admin.Admin;
import io.tulle.proxy.admin.OpenPages;
import io.tulle.proxy.observe.AccessLog;
import io.tulle.proxy.observe.Acquaintances;
import io.tulle.proxy.observe.EdgeSummary;
import io.tulle.proxy.observe.LogQueue;
import io.tulle.proxy.observe.Metrics;
import io.tulle.proxy.observe.SelfLabels;
import io.tulle.proxy.observe.SpanExporter;
import io.tulle.proxy.pool.ApplicationNetwork;
import io.tulle.proxy.report.ConnectionListener;
import io.tulle.proxy.report.ExchangeListener;
import io.tulle.proxy.report.Observers;
import io.tulle.proxy.trace.TraceSettings;
import io.tulle.xds.registry.TrafficReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What a run shows of its traffic: metrics and admin pages on loopback; an access log and spans where they are wanted. */
public final class Watching implements AutoCloseable {
    private static final int WAITING_LINES = 10_000;

    /** Istio's port for them; loopback of a network where nobody else has it. */
    private static final int ADMIN = 15000;

    private final Metrics metrics;
    private final Optional<LogQueue> log;
    private final Optional<SpanExporter> spans;
    private final TraceSettings traces;
    private Optional<Admin> admin = Optional.empty();
    private final List<Runnable> pages = new ArrayList<>(); // what closes them

    /**
     * What is wanted beside metrics.
     *
     * @param accessLog the file that access log lines are added to; empty for none
     * @param traces empty for none
     */
    public record Wanted(Optional<Path> accessLog, Optional<Traces> traces) {}

    /**
     * Where spans go.
     *
     * @param collector takes OTLP over HTTP, {@code http://127.0.0.1:4318/v1/traces}
     * @param ratio the share of requests that begin a trace, from 0 to 1; a caller that says whether it is sampled is followed
     */
    public record Traces(URI collector, double ratio) {}

    private Watching(SelfLabels self, Wanted wanted) {
        this.metrics = new Metrics(self);
        this.log = wanted.accessLog().map(Watching::open);
        this.spans = wanted.traces().map(to -> SpanExporter.start(SpanExporter.Settings.to(to.collector()), self));
        this.traces =
                wanted.traces().map(to -> new TraceSettings(true, to.ratio())).orElse(TraceSettings.OFF);
    }

    /**
     * Begins to watch.
     *
     * @param accessLog the file that access log lines are added to; empty for none
     */
    public static Watching start(Member member, String mesh, String trustDomain, Optional<Path> accessLog) {
        return start(member, mesh, trustDomain, new Wanted(accessLog, Optional.empty()));
    }

    /** Begins to watch. */
    public static Watching start(Member member, String mesh, String trustDomain, Wanted wanted) {
        var service = member.service();
        var names = WorkloadNames.of(service, member.labels());
        var self = new SelfLabels(
                names.workload(),
                service.namespace(),
                names.app(),
                names.version(),
                service.host(),
                mesh,
                member.instance(),
                Optional.of(SpiffeId.of(trustDomain, service.namespace(), member.account())));
        return new Watching(self, wanted);
    }

    public Observers observers() {
        var lines = log.map(AccessLog::new);
        var exchanges = new ArrayList<ExchangeListener>(List.of(metrics));
        lines.ifPresent(exchanges::add);
        spans.ifPresent(exchanges::add);
        var connections = new ArrayList<ConnectionListener>(List.of(metrics));
        lines.ifPresent(connections::add);
        return new Observers(ExchangeListener.all(exchanges), ConnectionListener.all(connections));
    }

    /** Whether and how often requests are traced. */
    public TraceSettings traces() {
        return traces;
    }

    /**
     * Opens the admin pages of a sidecar.
     *
     * @param acquaintances say who its peers are
     * @param network of the application's own, which gets the pages that a pod has too
     */
    public void show(
            Sidecar sidecar, BooleanSupplier ready, Acquaintances acquaintances, Optional<ApplicationNetwork> network) {
        metrics.follow(sidecar.plan(), acquaintances);
        try {
            var views = Admin.Views.of(sidecar.plan(), ready, LogLevel::set, metrics);
            admin = Optional.of(Admin.start(0, views));
            if (network.isPresent()) {
                pages.add(Admin.start(ADMIN, views, network.get())::close);
                pages.add(OpenPages.start(views, network.get())::close);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was counted so far, edge by edge. */
    public TrafficReport traffic() {
        return EdgeSummary.of(metrics.snapshots());
    }

    /** Where the admin pages stand. */
    public Optional<InetSocketAddress> address() {
        return admin.map(Admin::address);
    }

    @Override
    public void close() {
        admin.ifPresent(Admin::close);
        pages.forEach(Runnable::run);
        log.ifPresent(LogQueue::close);
        spans.ifPresent(SpanExporter::close);
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
