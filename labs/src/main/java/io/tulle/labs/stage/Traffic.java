package io.tulle.labs.stage;

import io.tulle.labs.load.Ask;
import io.tulle.labs.load.Connections;
import io.tulle.labs.load.Load;
import io.tulle.labs.load.Report;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.LongFunction;

/** Loads on the shop's door, as fast as a lab wants where this machine can, on new and reused connections. */
public final class Traffic implements AutoCloseable {
    private static final Duration CALM = Duration.ofSeconds(60);
    private static final int WARM_ROUNDS = 15;
    private static final double WARM_MILLIS = 50;

    private final InetSocketAddress door;
    private final Machine machine = Machine.watched();
    private double slowness = 1;

    Traffic(InetSocketAddress door) {
        this.door = door;
    }

    /** So many requests, 200 a second at most. */
    public Report send(Ask ask, int times) {
        return of(ask, 200).times(times);
    }

    /** The same request so often a second. */
    public Load of(Ask ask, double perSecond) {
        return of((long _) -> ask, perSecond);
    }

    public Load of(LongFunction<Ask> asking, double perSecond) {
        return Load.to(door).at(pace(perSecond)).asking(asking).connections(Connections.MIXED);
    }

    /** What becomes here of a rate that a lab wants. */
    public double pace(double perSecond) {
        return perSecond / slowness;
    }

    /** Back to the full pace. */
    public void hurry() {
        slowness = 1;
    }

    /** Waits for a machine that has time for us, a minute at most, and asks half as much a second from here on. */
    public void slower() throws InterruptedException {
        slowness *= 2;
        var end = System.nanoTime() + CALM.toNanos();
        do {
            machine.lap();
            Thread.sleep(Duration.ofSeconds(4));
        } while (machine.lap().starves() && System.nanoTime() < end);
    }

    /** How this machine was since this was last asked. */
    public Strain strain() {
        return machine.lap();
    }

    /** Asks slowly until the shop answers as one that has been up for a while: how cold processes take a load is not a lab's question. */
    public void warm(List<Ask> asks) {
        for (var round = 0; round < WARM_ROUNDS; round++) {
            var report = of((long k) -> asks.get((int) (k % asks.size())), 50).times(100);
            if (report.failures().isEmpty() && report.millisAt(90) < WARM_MILLIS) return;
        }
    }

    @Override
    public void close() {
        machine.close();
    }
}
