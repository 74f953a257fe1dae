package io.tulle.dialects.gatewayapi.policy;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.HttpWords;
import io.tulle.dialects.kind.Repeats;
import io.tulle.model.policy.CorsPolicy;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** CORS. A preflight of an origin that is not allowed is answered without headers that allow anything. */
final class CorsFilter implements FilterReader {
    private static final int MOST = 64;
    private static final int USUAL_AGE = 5;
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", CorsPolicy.ANY);

    @Override
    public String type() {
        return "CORS";
    }

    @Override
    public String field() {
        return "cors";
    }

    @Override
    public boolean mayRepeat() {
        return false;
    }

    @Override
    public Optional<CorsPolicy> read(FieldReader cors, Context context) {
        var origins = cors.texts("allowOrigins");
        set(cors, "allowOrigins", origins);
        if (origins.isEmpty())
            cors.warning(
                    Codes.NO_EFFECT,
                    "",
                    "names no origin, so no page of another origin may call the route",
                    "set allowOrigins");
        var credentials = cors.flag("allowCredentials");
        return Optional.of(new CorsPolicy(
                origins.stream().map(origin -> Origins.of(cors, origin)).toList(),
                methods(cors),
                names(cors, "allowHeaders"),
                exposed(cors, credentials),
                OptionalLong.of(cors.integer("maxAge", 1, Integer.MAX_VALUE).orElse(USUAL_AGE)),
                credentials,
                false));
    }

    private static List<String> methods(FieldReader cors) {
        var methods = cors.texts("allowMethods");
        set(cors, "allowMethods", methods);
        methods.stream()
                .filter(method -> !METHODS.contains(method))
                .forEach(method -> cors.problem(
                        Codes.OUT_OF_RANGE,
                        "allowMethods",
                        "cannot hold '" + HttpWords.shown(method) + "'",
                        "write methods in capitals, or \"*\""));
        return methods;
    }

    private static List<String> names(FieldReader cors, String field) {
        var names = cors.texts(field);
        Repeats.report(cors, field, names, MOST);
        names.stream()
                .filter(name -> !HttpWords.isToken(name))
                .forEach(name -> cors.problem(Codes.BAD_HEADER, field, "has the name '" + HttpWords.shown(name) + "'"));
        return names;
    }

    /** To a page that sends credentials the wildcard is a header's name, which exposes nothing (Fetch standard). */
    private static List<String> exposed(FieldReader cors, boolean credentials) {
        var names = names(cors, "exposeHeaders");
        if (!credentials || !names.contains(CorsPolicy.ANY)) return names;
        cors.warning(
                Codes.NO_EFFECT,
                "exposeHeaders",
                "has '*', which browsers do not take beside allowCredentials",
                "name the headers that pages may read");
        return names.stream().filter(name -> !name.equals(CorsPolicy.ANY)).toList();
    }

    /** A set of the schema, in which the wildcard stands alone. */
    private static void set(FieldReader cors, String field, List<String> words) {
        Repeats.report(cors, field, words, MOST);
        if (words.size() > 1 && words.contains(CorsPolicy.ANY))
            cors.problem(Codes.EXCLUDES, field, "has '*' beside others", "write '*' alone, or remove it");
    }
}
