package io.tulle.labs.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Comparator;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A load that is being sent. One thread sends when requests are due, another reads; neither waits for the other. */
public final class Running {
    private static final double NANOS = 1_000_000_000.0;

    private final Load.Terms terms;
    private final Switchboard board;
    private final String host;
    private final long startedMillis;
    private final long startedNanos = System.nanoTime();
    private final long count;
    private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    /** One more than what is in flight as long as the pacer lives. */
    private final AtomicInteger open = new AtomicInteger(1);

    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final Thread pacer;
    private volatile boolean stopping;

    private Running(Load.Terms terms, Clock clock, long count) throws IOException {
        this.terms = terms;
        this.count = count;
        this.host = hostOf(terms.to());
        this.board = new Switchboard(terms.timeout(), this::sinceStart);
        for (int i = 0; i < terms.opened(); i++) board.open(terms.to());
        this.startedMillis = clock.millis() - sinceStart() / 1_000_000;
        this.pacer = Thread.ofPlatform().name("load-requests").daemon().unstarted(this::pace);
    }

    static Running start(Load.Terms terms, Clock clock, long count) {
        try {
            var running = new Running(terms, clock, count);
            running.board.start();
            running.pacer.start();
            return running;
        } catch (IOException e) {
            throw new UncheckedIOException("the load could not be started", e);
        }
    }

    /** How many requests wait for their outcome now. */
    public int inFlight() {
        return Math.max(0, open.get() - (pacer.isAlive() ? 1 : 0));
    }

    /** The outcomes that there are by now. */
    public Report soFar() {
        return new Report(
                outcomes.stream()
                        .sorted(Comparator.comparingLong(Outcome::index))
                        .toList(),
                startedMillis);
    }

    /** Sends no more, waits for the outcome of all that is in flight, and hangs up. */
    public Report stop() {
        stopping = true;
        LockSupport.unpark(pacer);
        return finish();
    }

    Report finish() {
        done.join();
        board.close();
        return soFar();
    }

    private long sinceStart() {
        return System.nanoTime() - startedNanos;
    }

    private void pace() {
        var first = sinceStart();
        for (long k = 0; k < count; k++) {
            var due = first + (long) (k * NANOS / terms.perSecond());
            for (var now = sinceStart(); now < due && !stopping; now = sinceStart()) LockSupport.parkNanos(due - now);
            if (stopping) break;
            open.incrementAndGet();
            send(k, due);
        }
        settled();
    }

    private void send(long k, long due) {
        try {
            send(k, due, terms.asking().apply(k));
        } catch (RuntimeException e) { // the caller's own function: its request counts as failed, the others go on
            var now = sinceStart();
            ended(new Outcome(k, due, now, now, false, 0, "asking: " + e, Map.of(), ""));
        }
    }

    private void send(long k, long due, Ask ask) {
        var lonely = terms.connections().fresh(k);
        var trouble = "";
        if (!lonely) {
            for (var wire = board.idle().poll();
                    wire != null;
                    wire = board.idle().poll()) {
                var flight = flight(k, due, ask, new Flight.Way(false, false, trouble));
                if (wire.take(flight)) {
                    board.send(wire, flight);
                    return;
                }
                if (wire.wentUnannounced()) trouble = Outcome.RECONNECT + "an idle connection was ended unannounced";
            }
        }
        board.dial(terms.to(), flight(k, due, ask, new Flight.Way(true, lonely, trouble)));
    }

    private Flight flight(long k, long due, Ask ask, Flight.Way way) {
        var answer = new AnswerReader(ask.method().equals("HEAD"), terms.bodies());
        var times = new Flight.Times(due, sinceStart());
        return new Flight(k, times, way, ask.bytes(host, way.last()), answer, this::ended);
    }

    private void ended(Outcome outcome) {
        outcomes.add(outcome);
        settled();
    }

    private void settled() {
        if (open.decrementAndGet() == 0) done.complete(null);
    }

    private static String hostOf(InetSocketAddress to) {
        var name = to.getHostString();
        return (name.contains(":") ? "[" + name + "]" : name) + ":" + to.getPort();
    }
}
