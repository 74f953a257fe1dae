package io.tulle.proxy.pool;

import io.netty.util.concurrent.Ticker;
import io.tulle.proxy.plan.Addresses;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Finds addresses for the names of external dependencies, off the event loops, and keeps each for five seconds. Several
 * addresses of a name are taken in turn. A name that cannot be found fails the attempt, and is asked for anew next time.
 */
public final class Resolver {
    /** Envoy's dns_refresh_rate. */
    private static final Duration KEPT = Duration.ofSeconds(5);

    private final Executor threads;
    private final Ticker ticker;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final AtomicInteger turn = new AtomicInteger();

    /**
     * @param threads where a lookup may block
     */
    public Resolver(Executor threads, Ticker ticker) {
        this.threads = threads;
        this.ticker = ticker;
    }

    private record Answer(CompletableFuture<InetAddress[]> addresses, long atNanos) {}

    /** The address to dial; complete at once where the text is an IP address or the name is known. */
    CompletableFuture<InetSocketAddress> resolve(String host, int port) {
        if (Addresses.isAddress(host)) return CompletableFuture.completedFuture(Addresses.of(host, port));
        var now = ticker.nanoTime();
        var answer = answers.compute(host, (_, known) -> known != null && isFresh(known, now) ? known : ask(host, now));
        return answer.addresses().thenApply(all -> new InetSocketAddress(all[next(all.length)], port));
    }

    private static boolean isFresh(Answer answer, long now) {
        return !answer.addresses().isCompletedExceptionally() && now - answer.atNanos() < KEPT.toNanos();
    }

    private Answer ask(String host, long now) {
        return new Answer(CompletableFuture.supplyAsync(() -> lookup(host), threads), now);
    }

    private int next(int count) {
        return Math.floorMod(turn.getAndIncrement(), count);
    }

    private static InetAddress[] lookup(String host) {
        try {
            return InetAddress.getAllByName(host);
        } catch (UnknownHostException unknown) {
            throw new CompletionException(unknown);
        }
    }
}
