package io.tulle.dialects.istio;

import io.tulle.dialects.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Hosts;
import io.tulle.dialects.kind.HttpWords;
import io.tulle.model.policy.HeaderEdits;
import io.tulle.model.world.RouteRule.Backend;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** The weighted destinations of a route, and the header operations beside them. */
final class Legs {
    /** What Envoy replaces by a value of the request: {@code %PROTOCOL%}, {@code %REQ(x-user):20%}. */
    private static final Pattern COMMAND = Pattern.compile("%[A-Z][A-Z0-9_]*(\\([^%]*\\)(:[0-9]+)?)?%");

    private Legs() {}

    static List<Backend> http(FieldReader route, Context context) {
        return weighed(route, route.objects("route", leg -> {
            var edits = leg.object("headers", Legs::headers).orElse(Edits.NONE);
            return leg(leg, context, edits);
        }));
    }

    static List<Backend> tcp(FieldReader route, Context context) {
        return weighed(route, route.objects("route", leg -> leg(leg, context, Edits.NONE)));
    }

    /** What a request and its response have changed. */
    record Edits(HeaderEdits request, HeaderEdits response) {
        static final Edits NONE = new Edits(HeaderEdits.NONE, HeaderEdits.NONE);
    }

    static Edits headers(FieldReader headers) {
        return new Edits(
                headers.object("request", Legs::operations).orElse(HeaderEdits.NONE),
                headers.object("response", Legs::operations).orElse(HeaderEdits.NONE));
    }

    private static HeaderEdits operations(FieldReader operations) {
        var remove = operations.texts("remove");
        remove.forEach(name -> HttpWords.checkName(operations, "remove", name));
        return new HeaderEdits(list(operations, "set"), list(operations, "add"), remove);
    }

    private static List<HeaderEdits.Header> list(FieldReader operations, String field) {
        var headers = operations.textMap(field);
        headers.forEach((name, value) -> {
            HttpWords.checkName(operations, field, name);
            HttpWords.checkValue(operations, field, value);
            if (COMMAND.matcher(value.replace("%%", "")).find()) operations.notActedOn(field, value);
        });
        return headers.entrySet().stream()
                .map(entry ->
                        new HeaderEdits.Header(entry.getKey(), entry.getValue().replace("%%", "%")))
                .toList();
    }

    private static Backend leg(FieldReader leg, Context context, Edits edits) {
        if (!leg.has("destination")) leg.missing("destination");
        var weight = leg.integer("weight", 0, Integer.MAX_VALUE);
        return leg.object("destination", to -> {
                    var host = host(to, "host", context);
                    var subset = to.text("subset").filter(name -> !name.isEmpty());
                    subset.ifPresent(name -> Names.check(to, "subset", name));
                    var port = to.object("port", p -> p.integer("number", 1, 65535))
                            .orElse(OptionalInt.empty());
                    return new Backend(host, port, subset, weight.orElse(-1), edits.request(), edits.response());
                })
                .orElse(new Backend(
                        "", OptionalInt.empty(), java.util.Optional.empty(), -1, edits.request(), edits.response()));
    }

    /** A host that must be there and be a DNS name, resolved. */
    static String host(FieldReader fields, String field, Context context) {
        var written = fields.requiredText(field);
        if (!written.isEmpty() && !Hosts.isName(written)) {
            fields.problem(Codes.BAD_HOST, field, "'" + written + "' is not a DNS name");
        }
        return context.host(written);
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
