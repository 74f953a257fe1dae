package io.tulle.proxy.observe;

import io.tulle.proxy.report.ExchangeListener;
import io.tulle.proxy.report.ExchangeReport;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the spans of sampled exchanges to an OTLP/HTTP collector, in batches, from a thread of its own. What does not
 * fit the queue, or what the collector does not take, is dropped and counted: traffic never waits for traces.
 */
public final class SpanExporter implements ExchangeListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SpanExporter.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** How long {@link #close} waits for the collector to take what is left. */
    private static final Duration PARTING = Duration.ofSeconds(1);
    /** In the queue: nothing more will come. */
    private static final Optional<ExchangeReport> END = Optional.empty();

    private final Settings settings;
    private final SelfLabels self;
    private final BlockingQueue<Optional<ExchangeReport>> waiting;
    private final AtomicLong dropped = new AtomicLong();
    private final HttpClient client;
    private final Thread thread;
    private boolean failing;
    private volatile boolean ending;

    /**
     * @param collector where spans go, {@code http://127.0.0.1:4318/v1/traces}
     * @param queue how many wait at most
     * @param batch how many go at once
     * @param linger how long the first of a batch waits for more
     */
    public record Settings(URI collector, int queue, int batch, Duration linger) {
        /** OpenTelemetry's defaults, but for a shorter wait (its is 5 s). */
        public static Settings to(URI collector) {
            return new Settings(collector, 2048, 512, Duration.ofSeconds(1));
        }
    }

    private SpanExporter(Settings settings, SelfLabels self) {
        this.settings = settings;
        this.self = self;
        this.waiting = new ArrayBlockingQueue<>(settings.queue());
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build();
        this.thread = Thread.ofVirtual().name("tulle-traces").unstarted(this::run);
    }

    public static SpanExporter start(Settings settings, SelfLabels self) {
        var exporter = new SpanExporter(settings, self);
        exporter.thread.start();
        return exporter;
    }

    @Override
    public void ended(ExchangeReport report) {
        var sampled = report.trace().isPresent() && report.trace().get().isSampled();
        if (sampled && !waiting.offer(Optional.of(report))) dropped.incrementAndGet();
    }

    /** Spans that no collector will see. */
    public long dropped() {
        return dropped.get();
    }

    private void run() {
        try {
            while (!ending || !waiting.isEmpty()) {
                var batch = batch();
                if (!batch.isEmpty()) send(batch);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private List<ExchangeReport> batch() throws InterruptedException {
        var batch = new ArrayList<ExchangeReport>();
        var next = waiting.take();
        var until = System.nanoTime() + settings.linger().toNanos();
        while (next != null && next.isPresent()) {
            batch.add(next.get());
            if (batch.size() == settings.batch()) break;
            next = waiting.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
        return batch;
    }

    private void send(List<ExchangeReport> batch) throws InterruptedException {
        var request = HttpRequest.newBuilder(settings.collector())
                .timeout(PATIENCE)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(OtlpSpans.of(self, batch)))
                .build();
        try {
            var status = client.send(request, BodyHandlers.discarding()).statusCode();
            if (status / 100 == 2) failing = false;
            else failed(batch, "it answered " + status);
        } catch (IOException unreachable) {
            failed(batch, unreachable.toString());
        }
    }

    /** Said once until it works again. */
    private void failed(List<ExchangeReport> batch, String why) {
        dropped.addAndGet(batch.size());
        if (!failing) LOG.warn("{}: {}: {}", Loss.SPANS, settings.collector(), why);
        failing = true;
    }

    /** Sends what waits, for a second at most; what the collector has not taken by then is dropped. */
    @Override
    public void close() {
        ending = true;
        waiting.offer(END); // where there is no room for it, the thread is not waiting and sees that it ends
        try {
            if (!thread.join(PARTING)) thread.interrupt();
        } catch (InterruptedException _) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
        client.shutdownNow();
    }
}
