package io.tulle.control.traffic;

import io.tulle.model.world.Fleet;
import io.tulle.xds.registry.EdgeCounts;
import io.tulle.xds.registry.TrafficReport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The last minute of all edges. What a sidecar sends may be of any size and kind: what is over a limit, or cannot be a
 * number of an edge, is not kept and counted as omitted. Thread-safe; each call is short.
 */
public final class Traffic {
    /** How many edges of one sidecar are kept; ours tells at most 200. */
    static final int MOST_OF_ONE = 256;

    /** How many are kept of all, at some 4 KB each where all of it changes. */
    static final int MOST = 20_000;

    private static final int LONGEST_NAME = 2048; // a SPIFFE id's
    private static final int MOST_BUCKETS = 32;
    private static final Set<String> PROTOCOLS = Set.of("http", "grpc", "nest-tcp", "tcp");

    /** A sidecar that is silent for so long is not carrying what it last told. */
    private static final Duration SILENT = Duration.ofSeconds(15);

    private final Clock clock;
    private final Map<String, Sidecar> sidecars = new HashMap<>();
    private Fleet fleet = Fleet.EMPTY;
    private int kept;

    private static final class Sidecar {
        private final Map<EdgeCounts.Edge, Series> edges = new LinkedHashMap<>();
        private Optional<Instant> heard = Optional.empty();
        private long omitted;
    }

    public Traffic(Clock clock) {
        this.clock = clock;
    }

    /** @param report the edges that have changed since its last one; the others rest */
    public synchronized void heard(String instance, TrafficReport report) {
        if (!fleet.instances().containsKey(instance)) return; // it left a moment ago: nobody would forget it again
        var now = clock.instant();
        var sidecar = sidecars.computeIfAbsent(instance, _ -> new Sidecar());
        sidecar.omitted = Math.max(0, report.omitted());
        var told = new HashMap<EdgeCounts.Edge, EdgeCounts>();
        for (var counts : report.edges()) {
            if (isSound(counts) && hasRoom(sidecar, counts.edge())) told.put(counts.edge(), counts);
            else sidecar.omitted++;
        }
        sidecar.edges.forEach((edge, series) -> {
            var counts = told.remove(edge);
            if (counts == null) series.rest(now);
            else series.add(now, counts);
        });
        told.forEach((edge, counts) -> begin(sidecar, edge, counts, now));
        sidecar.heard = Optional.of(now);
    }

    private void begin(Sidecar sidecar, EdgeCounts.Edge edge, EdgeCounts counts, Instant now) {
        if (!hasRoom(sidecar, edge)) {
            sidecar.omitted++;
            return;
        }
        var series = sidecar.heard.map(before -> Series.since(before, edge)).orElseGet(() -> Series.from(now, counts));
        series.add(now, counts);
        sidecar.edges.put(edge, series);
        kept++;
    }

    private boolean hasRoom(Sidecar sidecar, EdgeCounts.Edge edge) {
        return sidecar.edges.containsKey(edge) || (sidecar.edges.size() < MOST_OF_ONE && kept < MOST);
    }

    private static boolean isSound(EdgeCounts counts) {
        var calls = counts.calls();
        return counts.edge().other().length() <= LONGEST_NAME
                && PROTOCOLS.contains(counts.edge().protocol())
                && calls.requests() >= 0
                && calls.failed() >= 0
                && calls.denied() >= 0
                && counts.opened() >= 0
                && counts.closed() >= 0
                && calls.durations().size() <= MOST_BUCKETS
                && calls.durations().keySet().stream().allMatch(bound -> bound >= 0) // not NaN
                && calls.durations().values().stream().allMatch(count -> count >= 0);
    }

    /** Forgets the instances that have gone since this was told last. */
    public synchronized void follow(Fleet now) {
        for (var id : now.instances().differing(fleet.instances())) {
            if (now.instances().containsKey(id)) continue;
            var gone = sidecars.remove(id);
            if (gone != null) kept -= gone.edges.size();
        }
        fleet = now;
    }

    /** All edges, of every sidecar. */
    public synchronized List<Flow> flows() {
        var silent = clock.instant().minus(SILENT);
        var flows = new ArrayList<Flow>(kept);
        sidecars.forEach((instance, sidecar) -> {
            var gone = sidecar.heard.filter(silent::isBefore).isEmpty();
            sidecar.edges.values().forEach(series -> flows.add(flow(instance, series, gone)));
        });
        return flows;
    }

    private static Flow flow(String instance, Series series, boolean gone) {
        var ten = gone ? Rate.NONE : series.rate(Duration.ofSeconds(10));
        var minute = gone ? Rate.NONE : series.rate(Duration.ofMinutes(1));
        return new Flow(instance, series.latest(), ten, minute);
    }

    /** How many edges are not kept, or were not told. */
    public synchronized long omitted() {
        return sidecars.values().stream().mapToLong(each -> each.omitted).sum();
    }
}
