package io.tulle.it.policies;

import io.tulle.proxy.report.ConnectionListener;
import io.tulle.proxy.report.ExchangeListener;
import io.tulle.proxy.report.ExchangeReport;
import io.tulle.proxy.report.Refusal;
import io.tulle.proxy.report.TcpReport;
import io.tulle.xds.spec.Snapshot;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** What one sidecar said of its traffic, and the last that it was told. */
final class Journal implements ExchangeListener, ConnectionListener {
    private static final long PATIENCE_SECONDS = 10;

    private final BlockingQueue<ExchangeReport> exchanges = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    private Optional<Snapshot> told = Optional.empty();

    /** Whether this differs from what it was told last; it is told now. */
    boolean isNews(Snapshot snapshot) {
        if (told.filter(snapshot::equals).isPresent()) return false;
        told = Optional.of(snapshot);
        return true;
    }

    void clear() {
        exchanges.clear();
        ends.clear();
    }

    /** Of the exchange with this mark, once it is over. */
    Optional<ExchangeReport> of(String mark) {
        return next(exchanges, report -> mark.equals(report.request().header(Arrivals.MARK)));
    }

    /** Why the next connection was refused, or an opaque one ended: a code, or nothing. */
    Optional<String> end() {
        return next(ends, _ -> true);
    }

    private static <T> Optional<T> next(BlockingQueue<T> queue, Predicate<T> wanted) {
        try {
            while (true) {
                var next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (next == null) return Optional.empty();
                if (wanted.test(next)) return Optional.of(next);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void ended(ExchangeReport report) {
        exchanges.add(report);
    }

    @Override
    public void refused(SocketAddress remote, Refusal refusal, String detail) {
        ends.add(refusal.code());
    }

    @Override
    public void opened(TcpReport report) {}

    @Override
    public void closed(TcpReport report) {
        ends.add(report.outcome().reason().map(reason -> reason.code()).orElse(""));
    }
}
