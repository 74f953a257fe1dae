package io.tulle.labs;

import io.tulle.labs.stage.Answer;
import io.tulle.labs.stage.Instances.Running;
import io.tulle.labs.stage.Stage;
import io.tulle.labs.stage.Unmet;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * Messages of one Nest TCP connection are spread over the replicas; and what becomes of those that wait at a replica when
 * it is killed: sent again where the route says so, else each gets an error that names the dead endpoint.
 */
final class NestTcpBalancingLab implements Lab {
    private static final int CALLS = 500;
    private static final int WAITING = 24;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String RETRIES = """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: { name: cart }
            spec:
              hosts: [ cart ]
              http:
                - route: [ { destination: { host: cart } } ]
                  retries: { attempts: 3, retryOn: "reset,connect-failure" }
            """;

    /** In turn: with the default, the least requests, a replica that is slow at the moment gets fewer. */
    static final String IN_TURN = """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: { name: cart }
            spec:
              host: cart
              trafficPolicy: { loadBalancer: { simple: ROUND_ROBIN } }
            """;

    @Override
    public String name() {
        return "05-nest-tcp-balancing";
    }

    @Override
    public String show(Stage stage) throws Exception {
        stage.apply(IN_TURN);
        var ping = stage.web().ask("/api/ping-cart?n=" + CALLS);
        var shares = Shares.of(stage, ping, CALLS, 0.4);
        var connections = Shares.connections(stage, "web-1", "cart");
        Unmet.unless(connections == 1, "web has " + connections + " connections to cart, not 1");

        var lost = killed(stage, Running::killApplication);
        var lostToo = killed(stage, Running::killLauncher);
        stage.apply(RETRIES);
        var replays = replayed(stage, Running::killApplication);
        var replaysToo = replayed(stage, Running::killLauncher);
        return "web→cart 1 connection, %d calls: %s; kill -9 of the application, of the run: without retries %d and %d of %d calls lost, each told; with retries 0 and 0, %d and %d replays"
                .formatted(CALLS, shares, lost, lostToo, WAITING, replays, replaysToo);
    }

    /** Without {@code retries}: exactly those in flight at the dead replica fail, and are told which it was. */
    private static int killed(Stage stage, Consumer<Running> kill) throws Exception {
        var fate = fate(stage, kill);
        var errors = fate.answer().numbers("errors");
        var failed = errors.values().stream().mapToLong(n -> n).sum();
        Unmet.unless(
                failed == fate.waiting(),
                "%d calls waited at the replica that was killed, and %d failed: %s"
                        .formatted(fate.waiting(), failed, fate.answer()));
        for (var words : errors.keySet()) {
            Unmet.unless(
                    words.contains(fate.victim()),
                    "an error does not name the dead endpoint " + fate.victim() + ": " + words);
        }
        return (int) failed;
    }

    /** With {@code retries}: nobody notices. */
    private static long replayed(Stage stage, Consumer<Running> kill) throws Exception {
        var before = replays(stage);
        var fate = fate(stage, kill);
        Unmet.unless(
                fate.answer().numbers("errors").isEmpty(), "calls were lost in spite of retries: " + fate.answer());
        var answered = fate.answer().numbers("byInstance").values().stream()
                .mapToLong(n -> n)
                .sum();
        Unmet.unless(answered == WAITING, answered + " of " + WAITING + " calls were answered");
        var replays = replays(stage) - before;
        Unmet.unless(replays >= 1, "no replay was counted");
        return replays;
    }

    private static long replays(Stage stage) {
        return stage.instances().named("web-1").scrape().sum("tulle_replays_total", Map.of("reporter", "source"));
    }

    /** @param waiting how many calls were at the victim when it died */
    private record Fate(String victim, long waiting, Answer answer) {}

    private static Fate fate(Stage stage, Consumer<Running> kill) throws Exception {
        bothServe(stage);
        var victim = stage.instances().named("cart-1");
        var slow = CompletableFuture.supplyAsync(() -> stage.web().get("/api/cart-slow?ms=6000&n=" + WAITING));
        stage.await(
                "all calls in the slow handlers",
                PATIENCE,
                () -> active(stage, "cart-1") + active(stage, "cart-2") == WAITING);
        var waiting = active(stage, "cart-1");
        Unmet.unless(waiting >= 10, "only " + waiting + " calls wait at cart-1");
        kill.accept(victim);
        try {
            return new Fate("cart-1", waiting, slow.get());
        } catch (ExecutionException e) {
            throw new Unmet("the calls could not be made: " + e.getCause());
        }
    }

    /** Waits until a killed replica is back, and web's sidecar uses it. */
    private static void bothServe(Stage stage) throws InterruptedException {
        stage.await(
                "both replicas of cart",
                PATIENCE,
                () -> stage.web().ask("/api/ping-cart?n=10").numbers("byInstance").values().stream()
                                .filter(n -> n >= 3)
                                .count()
                        == 2);
    }

    /** Calls in flight from web to a replica, as web's sidecar tells on its page {@code /clusters}. */
    private static long active(Stage stage, String replica) {
        var lines = stage.instances().named("web-1").page("/clusters").lines().toList();
        var endpoint = lines.stream()
                .filter(line -> line.startsWith("outbound|4000||cart.") && line.endsWith("::hostname::" + replica))
                .map(line -> line.substring(0, line.length() - ("hostname::" + replica).length()))
                .findFirst();
        return endpoint.flatMap(prefix -> lines.stream()
                        .filter(line -> line.startsWith(prefix + "rq_active::"))
                        .findFirst())
                .map(line -> Long.parseLong(line.substring(line.lastIndexOf(':') + 1)))
                .orElse(0L);
    }
}
