package io.tulle.dialects.istio.policy;

import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.HttpWords;
import io.tulle.model.policy.HeaderEdits;
import io.tulle.model.policy.HeaderPolicy;
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
                headers.object("request", HeaderReader::operations).orElse(HeaderEdits.NONE),
                headers.object("response", HeaderReader::operations).orElse(HeaderEdits.NONE));
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
}
