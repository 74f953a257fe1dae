package io.tulle.labs;

import io.tulle.labs.load.Ask;
import io.tulle.labs.load.Outcome;
import io.tulle.labs.load.Report;
import io.tulle.labs.load.Running;
import io.tulle.labs.stage.Stage;
import io.tulle.labs.stage.Unmet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The control plane is killed under load and stays away for half the life of every certificate; nobody notices. */
final class ControlPlaneLossLab implements Lab {
    private static final double RATE = 200;
    private static final Duration AWAY = Duration.ofSeconds(30);
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SOME = 100;

    /** HTTP to catalog, Nest TCP to cart, gRPC to payment, in turn. */
    private static final List<Ask> ASKS =
            List.of(Ask.get("/api/products"), Ask.get("/api/ping-cart?n=1"), Ask.get("/api/charge?n=1"));

    @Override
    public String name() {
        return "12-control-plane-loss";
    }

    @Override
    public String show(Stage stage) throws Exception {
        var everybody = inSync(stage);
        var root = rootDigest(stage);
        var endpoints = endpoints(stage);
        var renewals = renewalsThatFailed(stage);
        stage.traffic().warm(ASKS); // the lab before this one restarted web
        var load = stage.traffic()
                .of((long k) -> ASKS.get((int) (k / 2 % ASKS.size())), RATE)
                .start();
        Report report;
        Outage outage;
        try {
            outage = outage(stage, load, endpoints, everybody);
        } finally {
            report = load.stop();
        }
        var failed =
                report.outcomes().stream().filter(ControlPlaneLossLab::failed).toList();
        Unmet.unless(
                failed.isEmpty(),
                failed.size() + " of " + report.outcomes().size() + " requests failed, the first: "
                        + failed.stream().findFirst().map(Outcome::toString).orElse(""));
        Unmet.unless(root.equals(rootDigest(stage)), "the mesh has another root now");
        var due = renewalsThatFailed(stage) - renewals;
        Unmet.unless(due > 0, "no certificate fell due while the control plane was away");
        return "away %.0f s, %d requests (HTTP, Nest TCP, gRPC) 0 failed; %d renewals tried in vain meanwhile; back: %d of %d endpoints withdrawn, %d workloads in sync after %.1f s, a change applied, root %s"
                .formatted(
                        outage.away().toMillis() / 1000.0,
                        report.outcomes().size(),
                        due,
                        0,
                        endpoints.size(),
                        everybody.size(),
                        outage.back().toMillis() / 1000.0,
                        root.substring(0, 12));
    }

    private record Outage(Duration away, Duration back) {}

    private static Outage outage(Stage stage, Running load, Set<String> endpoints, Set<String> everybody)
            throws InterruptedException {
        stage.await(
                "load", Duration.ofSeconds(20), () -> load.soFar().outcomes().size() > SOME);
        stage.killControl();
        var killed = now(stage);
        try {
            stage.await(
                    "the end of the outage",
                    AWAY.plusSeconds(5),
                    () -> now(stage).isAfter(killed.plus(AWAY)));
        } finally {
            stage.startControl();
        }
        var back = now(stage);
        var lost = new TreeSet<String>();
        var all = new ArrayList<Instant>();
        // What the control plane forgot is withdrawn with its first push, or when a lease is over.
        var end = back.plus(LEASE.multipliedBy(2));
        stage.await(
                () -> "not everybody came back, only " + inSync(stage),
                LEASE.multipliedBy(2).plus(PATIENCE),
                () -> {
                    endpoints.stream()
                            .filter(each -> !endpoints(stage).contains(each))
                            .forEach(lost::add);
                    if (all.isEmpty() && inSync(stage).equals(everybody)) all.add(now(stage));
                    return !all.isEmpty() && now(stage).isAfter(end);
                });
        Unmet.unless(lost.isEmpty(), "withdrawn after the restart: " + lost);
        stage.apply(CatalogPolicies.SUBSETS);
        return new Outage(Duration.between(killed, back), Duration.between(back, all.getFirst()));
    }

    /** The probes of web answer 200 and list what went wrong behind it. */
    private static boolean failed(Outcome outcome) {
        return outcome.failed()
                || outcome.status() != 200
                || (outcome.body().contains("\"errors\"") && !outcome.body().contains("\"errors\":{}"));
    }

    /** Instances whose proxies hold what they should, as {@code tulle ps} says it. */
    private static Set<String> inSync(Stage stage) {
        var said = stage.tulle().run("ps");
        return said.text()
                .lines()
                .filter(line -> line.contains("in sync") && line.contains(" live "))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What web's sidecar knows of its peers. */
    private static Set<String> endpoints(Stage stage) {
        return stage.instances()
                .named("web-1")
                .page("/clusters")
                .lines()
                .filter(line -> line.startsWith("outbound|") && line.contains("::hostname::"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static long renewalsThatFailed(Stage stage) throws IOException {
        return Files.readString(stage.scratch().resolve("up.log"))
                .lines()
                .filter(line -> line.contains("TUL2011"))
                .count();
    }

    private static String rootDigest(Stage stage) throws IOException, NoSuchAlgorithmException {
        var pem = Files.readString(stage.folder().resolve("state/authority/root-cert.pem"));
        var digest = MessageDigest.getInstance("SHA-256").digest(pem.getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().formatHex(digest);
    }

    private static Instant now(Stage stage) {
        return stage.clock().instant();
    }
}
