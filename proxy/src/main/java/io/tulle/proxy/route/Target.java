package io.tulle.proxy.route;

import io.tulle.model.policy.HeaderEdits;
import io.tulle.xds.spec.ActionSpec;
import java.util.Optional;

/**
 * One leg of a route, compiled.
 *
 * @param authority what to forward as {@code Host} or {@code :authority}, where it is not the caller's
 * @param requestHeaders the route's edits, then this leg's, so that the more particular one has the last word
 */
public record Target(
        String cluster, Optional<String> authority, HeaderChanges requestHeaders, HeaderChanges responseHeaders) {

    static Target compile(HeaderPlan route, Optional<String> authority, ActionSpec.Target leg) {
        var edits = route.requestsThen(leg.requestHeaders());
        var host =
                edits.reversed().stream().flatMap(e -> writtenHost(e).stream()).findFirst();
        return new Target(
                leg.cluster(),
                host.or(() -> authority),
                HeaderChanges.compile(edits.stream().map(Target::withoutHost).toList()),
                HeaderChanges.compile(route.responsesThen(leg.responseHeaders())));
    }

    /** Istio's {@code headers.request.set} may name the host: then it is an authority, which HTTP/2 has no header for. */
    private static Optional<String> writtenHost(HeaderEdits edits) {
        return edits.set().stream()
                .filter(h -> isHost(h.name()))
                .map(HeaderEdits.Header::value)
                .findFirst();
    }

    private static HeaderEdits withoutHost(HeaderEdits edits) {
        if (writtenHost(edits).isEmpty()) return edits;
        var rest = edits.set().stream().filter(h -> !isHost(h.name())).toList();
        return new HeaderEdits(rest, edits.add(), edits.remove());
    }

    private static boolean isHost(String name) {
        return name.equals("host") || name.equals(":authority");
    }
}
