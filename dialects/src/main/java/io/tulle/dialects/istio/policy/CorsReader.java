package io.tulle.dialects.istio.policy;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.Durations;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.field.Regexes;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.HttpWords;
import io.tulle.model.match.TextMatch;
import io.tulle.model.policy.CorsPolicy;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Istio's CorsPolicy. */
final class CorsReader implements RoutePolicyReader {
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "*");

    @Override
    public Optional<CorsPolicy> read(FieldReader route, Context context) {
        return route.object("corsPolicy", CorsReader::policy);
    }

    private static CorsPolicy policy(FieldReader cors) {
        var origins = origins(cors);
        if (origins.isEmpty())
            cors.warning(
                    Codes.NO_EFFECT,
                    "",
                    "names no origin, so no page of another origin may call the route",
                    "set allowOrigins");
        // Istio: a preflight of another origin goes to the application unless the policy says otherwise
        var forwards =
                cors.choice("unmatchedPreflights", Map.of("UNSPECIFIED", true, "FORWARD", true, "IGNORE", false));
        return new CorsPolicy(
                origins,
                methods(cors),
                names(cors, "allowHeaders"),
                names(cors, "exposeHeaders"),
                maxAge(cors),
                cors.flag("allowCredentials"),
                forwards.orElse(true));
    }

    /** The older field is read where the newer one is not written. */
    private static List<TextMatch> origins(FieldReader cors) {
        var old = cors.texts("allowOrigin");
        if (!old.isEmpty() && cors.has("allowOrigins"))
            cors.warning(
                    Codes.NO_EFFECT,
                    "allowOrigin",
                    "says nothing beside allowOrigins",
                    "move its origins to allowOrigins");
        var written = cors.objects("allowOrigins", CorsReader::origin);
        return cors.has("allowOrigins")
                ? written
                : old.stream().<TextMatch>map(TextMatch.Exact::new).toList();
    }

    private static TextMatch origin(FieldReader origin) {
        var field = origin.oneOf("exact", "prefix", "regex");
        var exact = origin.text("exact").orElse("");
        var prefix = origin.text("prefix").orElse("");
        var regex = origin.text("regex").orElse("");
        field.filter(origin::isEmptyText)
                .ifPresent(name ->
                        origin.problem(Codes.MISSING, name, "is empty", "write an origin, https://example.com"));
        return switch (field.orElse("")) {
            case "prefix" -> new TextMatch.Prefix(prefix);
            case "regex" -> expression(origin, regex);
            default -> new TextMatch.Exact(exact);
        };
    }

    private static TextMatch expression(FieldReader origin, String regex) {
        var complaint = Regexes.complaint(regex);
        complaint.ifPresent(why -> origin.problem(Codes.BAD_REGEX, "regex", "'" + regex + "' is not valid: " + why));
        return complaint.isPresent() ? new TextMatch.Exact("") : new TextMatch.Regex(regex);
    }

    private static List<String> methods(FieldReader cors) {
        var methods = cors.texts("allowMethods");
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
        names.stream()
                .filter(name -> !HttpWords.isToken(name))
                .forEach(name -> cors.problem(Codes.BAD_HEADER, field, "has the name '" + HttpWords.shown(name) + "'"));
        return names;
    }

    private static OptionalLong maxAge(FieldReader cors) {
        var age = cors.duration("maxAge", Durations.ISTIO);
        age.filter(found -> !found.equals(found.truncatedTo(ChronoUnit.SECONDS)))
                .ifPresent(_ -> cors.problem(
                        Codes.OUT_OF_RANGE,
                        "maxAge",
                        "is no whole number of seconds",
                        "write it in seconds, such as 600s"));
        return age.isPresent() ? OptionalLong.of(age.get().toSeconds()) : OptionalLong.empty();
    }
}
