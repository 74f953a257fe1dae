package io.tulle.dialects.istio.policy;

import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.HttpWords;
import io.tulle.model.policy.HeaderEdits;
import io.tulle.model.policy.HeaderPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Istio's Headers, of a route or of one of its destinations. */
public final class HeaderReader implements RoutePolicyReader {
    /** What Envoy replaces by a value of the request: {@code %PROTOCOL%}, {@code %REQ(x-user):20%}. */
    private static final Pattern COMMAND = Pattern.compile("%[A-Z][A-Z0-9_]*(\\([^%]*\\)(:[0-9]+)?)?%");

    HeaderReader() {}

    @Override
    public Optional<HeaderPolicy> read(FieldReader route, Context context) {
        return Optional.of(edits(route)).filter(edits -> !edits.equals(HeaderPolicy.NONE));
    }

    /** What {@code headers} of a route or of a destination says. */
    public static HeaderPolicy edits(FieldReader owner) {
        return owner.object("headers", HeaderReader::headers).orElse(HeaderPolicy.NONE);
    }

    private static HeaderPolicy headers(FieldReader headers) {
        return new HeaderPolicy(
                headers.object("request", edits -> operations(edits, true)).orElse(HeaderEdits.NONE),
                headers.object("response", edits -> operations(edits, false)).orElse(HeaderEdits.NONE));
    }

    /** A request has one authority, so that one that is added is set. */
    private static HeaderEdits operations(FieldReader operations, boolean ofRequests) {
        var remove = operations.texts("remove");
        remove.forEach(name -> HttpWords.checkName(operations, "remove", name));
        var set = new ArrayList<>(list(operations, "set", ofRequests));
        var add = new ArrayList<HeaderEdits.Header>();
        for (var header : list(operations, "add", ofRequests)) (isAuthority(header.name()) ? set : add).add(header);
        return new HeaderEdits(set, add, remove);
    }

    /** Whether a header of requests is what HTTP/2 has no header for. */
    public static boolean isAuthority(String name) {
        return name.equalsIgnoreCase("host") || name.equals(":authority");
    }

    private static List<HeaderEdits.Header> list(FieldReader operations, String field, boolean ofRequests) {
        var headers = operations.textMap(field);
        headers.forEach((name, value) -> {
            if (ofRequests && isAuthority(name)) HttpWords.checkAuthority(operations, field, value);
            else HttpWords.checkName(operations, field, name);
            HttpWords.checkValue(operations, field, value);
            if (COMMAND.matcher(value.replace("%%", "")).find()) operations.notActedOn(field, value);
        });
        return headers.entrySet().stream()
                .map(entry ->
                        new HeaderEdits.Header(entry.getKey(), entry.getValue().replace("%%", "%")))
                .toList();
    }
}
