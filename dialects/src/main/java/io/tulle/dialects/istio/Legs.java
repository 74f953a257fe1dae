package io.tulle.dialects.istio;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.istio.policy.Destinations;
import io.tulle.dialects.istio.policy.HeaderReader;
import io.tulle.dialects.kind.Context;
import io.tulle.model.policy.HeaderPolicy;
import io.tulle.model.world.RouteRule.Backend;
import java.util.List;

/** The weighted destinations of a route. */
final class Legs {
    private Legs() {}

    static List<Backend> http(FieldReader route, Context context) {
        return weighed(route, route.objects("route", leg -> {
            var edits = HeaderReader.edits(leg);
            return leg(leg, context, edits);
        }));
    }

    static List<Backend> tcp(FieldReader route, Context context) {
        return weighed(route, route.objects("route", leg -> leg(leg, context, HeaderPolicy.NONE)));
    }

    private static Backend leg(FieldReader leg, Context context, HeaderPolicy edits) {
        if (!leg.has("destination")) leg.missing("destination");
        var weight = leg.integer("weight", 0, Integer.MAX_VALUE).orElse(-1);
        var to = leg.object("destination", destination -> Destinations.of(destination, context))
                .orElse(Destinations.NOWHERE);
        return new Backend(to.host(), to.port(), to.subset(), weight, edits.request(), edits.response());
    }

    /** A single leg takes everything whatever its weight; of several, one without a weight gets nothing (Istio). */
    private static List<Backend> weighed(FieldReader route, List<Backend> legs) {
        if (legs.size() == 1)
            return List.of(
                    withWeight(legs.getFirst(), Math.max(1, legs.getFirst().weight())));
        var all = legs.stream()
                .map(leg -> withWeight(leg, Math.max(0, leg.weight())))
                .toList();
        if (!all.isEmpty() && all.stream().allMatch(leg -> leg.weight() == 0)) {
            route.problem(Codes.NO_WEIGHT, "route", "has legs whose weights sum to 0");
        }
        return all;
    }

    private static Backend withWeight(Backend leg, int weight) {
        return new Backend(leg.host(), leg.port(), leg.subset(), weight, leg.requestHeaders(), leg.responseHeaders());
    }
}
