package io.tulle.proxy.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.tulle.proxy.filter.DryRun;
import io.tulle.proxy.report.ExchangeReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Where an operator reads what a policy in dry run would have done. */
class DryRunToldTest {
    private static final DryRun.Said DENIED = new DryRun.Said(DryRun.Effect.DENIED, "shop/guard rule 1");
    private static final DryRun.Said SAME = new DryRun.Said(DryRun.Effect.SAME, "");

    @Test
    void theAccessLogSaysItWhereSomethingWouldChange() {
        var lines = new ArrayList<String>();
        var log = new AccessLog(lines::add);
        log.ended(report(Optional.of(DENIED)));
        log.ended(report(Optional.of(SAME)));
        log.ended(report(Optional.empty()));

        assertTrue(lines.getFirst().endsWith(" dry_run=denied{shop/guard_rule_1}"), lines.getFirst());
        assertFalse(lines.get(1).contains("dry_run"), lines.get(1));
        assertEquals(lines.get(1), lines.get(2));
    }

    @Test
    void theyAreCountedByResultAndPolicy() {
        var metrics = new Metrics(SelfLabels.UNKNOWN);
        List.of(DENIED, DENIED, SAME).forEach(said -> metrics.ended(report(Optional.of(said))));
        metrics.ended(report(Optional.empty()));

        var counts = new TreeMap<String, Double>();
        metrics.snapshots().stream()
                .filter(each -> each.getMetadata().getName().equals("tulle_dry_run_requests"))
                .map(CounterSnapshot.class::cast)
                .flatMap(each -> each.getDataPoints().stream())
                .forEach(point -> counts.put(
                        point.getLabels().get("result") + " "
                                + point.getLabels().get("policy"),
                        point.getValue()));
        assertEquals("{denied shop/guard rule 1=2.0, same =1.0}", counts.toString());
    }

    private static ExchangeReport report(Optional<DryRun.Said> said) {
        return Reports.exchange("web", 200, 1, said);
    }
}
