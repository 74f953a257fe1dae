package io.tulle.labs;

import io.tulle.labs.stage.Answer;
import io.tulle.labs.stage.Stage;
import io.tulle.labs.stage.Unmet;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How calls over one connection were spread, and that it was one. */
final class Shares {
    private Shares() {}

    /**
     * Reads {@code {"calls":500,"byInstance":{…},"errors":{}}}: no error, both replicas, each with at least this share.
     *
     * @return {@code cart-1 251, cart-2 249}
     */
    static String of(Stage stage, Answer tally, int calls, double least) {
        Unmet.unless(tally.numbers("errors").isEmpty(), "calls failed: " + tally);
        var named = new TreeMap<String, Long>();
        tally.numbers("byInstance")
                .forEach((who, n) -> named.put(stage.instances().nameOf(who), n));
        Unmet.unless(named.size() == 2, "answered by " + named + ", not by two replicas");
        named.forEach((who, n) -> Unmet.unless(n >= calls * least, who + " had only " + n + " of " + calls));
        Unmet.unless(named.values().stream().mapToLong(n -> n).sum() == calls, named + " is not " + calls);
        return named.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    /** Connections that an instance's application has open towards a service, as its sidecar counts them. */
    static long connections(Stage stage, String instance, String service) {
        var scrape = stage.instances().named(instance).scrape();
        var labels = Map.of("reporter", "source", "destination_service", service + ".shop.tulle");
        return scrape.sum("tulle_connections_accepted_total", labels)
                - scrape.sum("tulle_connections_ended_total", labels);
    }
}
