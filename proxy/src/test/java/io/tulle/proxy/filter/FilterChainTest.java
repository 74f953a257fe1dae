package io.tulle.proxy.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.proxy.route.Asked;
import io.tulle.proxy.route.RequestFacts;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class FilterChainTest {
    private static final Verdict.Answer NO = new Verdict.Answer(403, new Reason(Reason.Kind.DENIED, "shop/no"));

    private final List<String> seen = new ArrayList<>();
    private final List<Throwable> broken = new ArrayList<>();
    private final Queue<Runnable> loop = new ArrayDeque<>();
    private Executor executor = loop::add;
    private boolean ended;

    @Test
    void asksInTurnAndAdmitsWhenNobodySaysNo() {
        ask(says("a", Verdict.PROCEED), says("b", Verdict.PROCEED));
        assertEquals(List.of("a", "b", "admitted"), seen);
    }

    @Test
    void stopsAtTheFirstNo() {
        ask(says("a", NO), says("b", Verdict.PROCEED));
        assertEquals(List.of("a", "403 DENIED"), seen);
    }

    @Test
    void aFilterThatThrowsHasSaidNo() {
        ask(
                _ -> {
                    throw new IllegalStateException("bug");
                },
                says("b", Verdict.PROCEED));
        assertEquals(List.of("500 FILTER_FAILED"), seen);
        assertEquals("bug", broken.getFirst().getMessage());
    }

    @Test
    void aFilterThatAwaitsIsGoneOnWithOnTheLoopOfTheExchange() {
        var later = new CompletableFuture<Verdict>();
        ask(says("a", new Verdict.Await(later)), says("b", Verdict.PROCEED));
        later.complete(Verdict.PROCEED);
        assertEquals(List.of("a"), seen);
        runLoop();
        assertEquals(List.of("a", "b", "admitted"), seen);
    }

    @Test
    void aLaterNoIsANo() {
        ask(says("a", new Verdict.Await(CompletableFuture.completedFuture(NO))), says("b", Verdict.PROCEED));
        runLoop();
        assertEquals(List.of("a", "403 DENIED"), seen);
    }

    @Test
    void aLaterVerdictThatFailsIsANo() {
        ask(says("a", new Verdict.Await(CompletableFuture.failedFuture(new IllegalStateException("gone")))));
        runLoop();
        assertEquals(List.of("a", "500 FILTER_FAILED"), seen);
        assertEquals("gone", broken.getFirst().getMessage());
    }

    @Test
    void aLaterVerdictMayAwaitAnother() {
        var second = new CompletableFuture<Verdict>();
        ask(says("a", new Verdict.Await(CompletableFuture.completedFuture(new Verdict.Await(second)))));
        runLoop();
        second.complete(Verdict.PROCEED);
        runLoop();
        assertEquals(List.of("a", "admitted"), seen);
    }

    @Test
    void nothingHappensWhenTheCallerHungUpMeanwhile() {
        var later = new CompletableFuture<Verdict>();
        ask(says("a", new Verdict.Await(later)));
        ended = true;
        later.complete(Verdict.PROCEED);
        runLoop();
        assertEquals(List.of("a"), seen);
    }

    @Test
    void aLoopThatIsGoneNeverLeavesARequestHanging() {
        executor = _ -> {
            throw new RejectedExecutionException("shut down");
        };
        ask(says("a", new Verdict.Await(CompletableFuture.completedFuture(Verdict.PROCEED))));
        assertEquals(List.of("a", "500 FILTER_FAILED"), seen);
        assertTrue(broken.getFirst().getCause() instanceof RejectedExecutionException);
    }

    private void ask(Filter... filters) {
        new FilterChain(List.of(filters), broken::add).ask(new Waiting(), new FilterChain.Next() {
            @Override
            public void admitted() {
                seen.add("admitted");
            }

            @Override
            public void answered(Verdict.Answer answer) {
                seen.add(answer.status() + " " + answer.reason().kind());
            }
        });
    }

    private Filter says(String name, Verdict verdict) {
        return _ -> {
            seen.add(name);
            return verdict;
        };
    }

    private void runLoop() {
        for (var task = loop.poll(); task != null; task = loop.poll()) task.run();
    }

    private final class Waiting implements Inquiry {
        @Override
        public PeerFacts peer() {
            return PeerFacts.of(Optional.empty(), InetAddress.getLoopbackAddress(), 3000);
        }

        @Override
        public RequestFacts request() {
            return Asked.get("/");
        }

        @Override
        public boolean hasEnded() {
            return ended;
        }

        @Override
        public Executor executor() {
            return executor;
        }
    }
}
