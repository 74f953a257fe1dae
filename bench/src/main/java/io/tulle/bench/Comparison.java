package io.tulle.bench;

import io.tulle.labs.load.Ask;
import io.tulle.labs.load.Load;
import io.tulle.labs.load.Report;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One scenario: everybody is started and warmed, then measured in turn, A B C A B C, so that the machine's moods hit all alike. */
final class Comparison implements AutoCloseable {
    private static final Ask ASK = Ask.get("/item?id=1")
            .with("accept", "application/json")
            .with("user-agent", "bench/1")
            .with("x-customer", "42");

    private static final List<Double> WARM_UP = List.of(0.05, 0.1, 0.2, 0.4, 0.8, 1.0, 1.2, 1.4);

    private final Options options;
    private final Ground ground;
    private final List<Standing> standing = new ArrayList<>();

    /** A contender that runs, and where it listens. */
    private record Standing(Contender contender, InetSocketAddress address, List<Worker> workers) {
        long cpuMicros() {
            return workers.stream().mapToLong(Worker::cpuMicros).sum();
        }
    }

    Comparison(Options options, Ground ground) {
        this.options = options;
        this.ground = ground;
    }

    List<Measured> run(String scenario, List<Contender> contenders) throws IOException {
        for (var contender : contenders) start(scenario, contender);
        for (var one : standing) {
            awaitAnswer(one);
            warm(scenario, one);
        }
        Map<Standing, List<Measured.Round>> rounds = new LinkedHashMap<>();
        for (int round = 1; round <= options.rounds(); round++) {
            for (var one : standing) {
                var measured = measure(one);
                rounds.computeIfAbsent(one, _ -> new ArrayList<>()).add(measured);
                say(
                        scenario,
                        one,
                        "round %d of %d: %.1f CPU-µs, p50 %.2f p99 %.2f ms, %d failed"
                                .formatted(
                                        round,
                                        options.rounds(),
                                        measured.cpuMicros(),
                                        measured.p50(),
                                        measured.p99(),
                                        measured.failures()));
            }
        }
        return standing.stream().map(one -> measured(one, rounds)).toList();
    }

    private static Measured measured(Standing one, Map<Standing, List<Measured.Round>> rounds) {
        return new Measured(
                one.contender().name(),
                rounds.getOrDefault(one, List.of()),
                one.workers().stream().map(Worker::rssKib).toList(),
                one.workers().stream().map(Worker::pssKib).toList());
    }

    /** In steps: a cold JVM that is met by the full rate answers late, connections pile up, and their handshakes bury it. */
    private void warm(String scenario, Standing one) {
        var step = options.warm() / (double) WARM_UP.size();
        for (var part : WARM_UP) {
            var rate = options.rate() * part;
            var report = load(one, rate).times((long) (rate * step));
            if (part.equals(WARM_UP.getLast())) say(scenario, one, "last step of warm-up: " + report.summary());
        }
    }

    private void start(String scenario, Contender contender) throws IOException {
        if (contender instanceof Contenders.Direct) {
            var backend = new InetSocketAddress(InetAddress.getLoopbackAddress(), ground.backend());
            standing.add(new Standing(contender, backend, List.of()));
            return;
        }
        var port = ground.freePort();
        var workers = scenario.equals("plain") ? contender.plain(ground, port) : contender.pair(ground, port);
        standing.add(new Standing(contender, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), workers));
    }

    private void awaitAnswer(Standing one) {
        var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (true) {
            var outcome = load(one, 1).times(1).outcomes().getFirst();
            if (outcome.status() == 200) return;
            if (System.nanoTime() > until || !one.workers().stream().allMatch(Worker::isAlive)) {
                throw new IllegalStateException(
                        one.contender().name() + " does not answer: " + outcome + "; its log is in " + ground.folder());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    private Measured.Round measure(Standing one) {
        var load = load(one, options.rate());
        var before = one.cpuMicros();
        var report = load.times((long) (options.rate() * options.seconds()));
        var cpu = one.cpuMicros() - before;
        return round(report, (double) cpu / report.outcomes().size());
    }

    private static Measured.Round round(Report report, double cpuMicros) {
        return new Measured.Round(
                cpuMicros,
                report.millisAt(50),
                report.millisAt(90),
                report.millisAt(99),
                report.failures().size());
    }

    private Load load(Standing one, double rate) {
        return Load.to(one.address())
                .at(rate)
                .asking(ASK)
                .opening(options.connections())
                .timeout(Duration.ofSeconds(10))
                .withoutBodies();
    }

    @SuppressWarnings("SystemOut") // progress on the console of the person who waits
    private static void say(String scenario, Standing one, String text) {
        System.err.println(scenario + " " + one.contender().name() + " " + text);
    }

    @Override
    public void close() {
        standing.forEach(one -> one.workers().forEach(Worker::close));
    }
}
