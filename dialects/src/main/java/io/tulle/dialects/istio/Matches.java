package io.tulle.dialects.istio;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.field.Regexes;
import io.tulle.dialects.kind.HttpWords;
import io.tulle.dialects.kind.Labels;
import io.tulle.dialects.kind.Paths;
import io.tulle.model.match.HeaderMatch;
import io.tulle.model.match.PathMatch;
import io.tulle.model.match.QueryMatch;
import io.tulle.model.match.RequestMatch;
import io.tulle.model.match.TextMatch;
import io.tulle.model.world.SourceMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Istio's HTTPMatchRequest. */
final class Matches {
    private Matches() {}

    /** A match, the one port that it is for, and the clients. */
    record Ported(RequestMatch match, OptionalInt port, SourceMatch from) {}

    static Ported of(FieldReader match) {
        match.text("name"); // shows in Istio's metrics only
        Gateways.requireMesh(match);
        var headers = new ArrayList<HeaderMatch>();
        headers(match, "headers", false, headers);
        headers(match, "withoutHeaders", true, headers);
        var request = new RequestMatch(
                match.object("uri", uri -> Paths.ofRoute(uri, "", path(uri))),
                match.flag("ignoreUriCase"),
                match.object("method", Matches::text),
                match.object("authority", Matches::text),
                match.object("scheme", Matches::text),
                headers,
                queries(match));
        match.text("statPrefix")
                .filter(prefix -> !prefix.isEmpty())
                .ifPresent(_ -> match.warning(
                        Codes.NO_EFFECT,
                        "statPrefix",
                        "is not kept apart in Tulle's metrics, which count by service and route",
                        "give the route a name, and remove statPrefix"));
        return new Ported(request, Ports.orUnset(match, "port"), source(match));
    }

    /** The clients that an HTTPMatchRequest or an L4MatchAttributes is for. */
    static SourceMatch source(FieldReader match) {
        var namespace = match.text("sourceNamespace").filter(name -> !name.isEmpty());
        return new SourceMatch(namespace, Labels.of(match, "sourceLabels"));
    }

    private static void headers(FieldReader match, String field, boolean inverted, List<HeaderMatch> into) {
        match.objectMap(field, inverted ? Matches::unwanted : Matches::textOrPresent)
                .forEach((name, value) -> {
                    if (name.startsWith("@request.auth.")) claim(match, field, name);
                    else if (HttpWords.checkMatchName(match, field, name))
                        into.add(new HeaderMatch(name, value, inverted));
                });
    }

    /** Istio's name for a claim of a token, at gateways alone; as a header it would never match, or match a forged one. */
    private static void claim(FieldReader match, String field, String name) {
        match.problem(
                Codes.NOT_ACTED_ON,
                field,
                "has '" + name + "', a claim of a token, and Tulle reads no tokens in the mesh",
                "remove it, and let the application that checks the token decide");
    }

    private static List<QueryMatch> queries(FieldReader match) {
        return match.objectMap("queryParams", Matches::textOrPresent).entrySet().stream()
                .filter(entry -> isNamed(match, entry.getKey()))
                .map(entry -> new QueryMatch(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static boolean isNamed(FieldReader match, String parameter) {
        if (!parameter.isEmpty()) return true;
        match.problem(
                Codes.OUT_OF_RANGE,
                "queryParams",
                "has a condition without a name",
                "name the parameter that is meant");
        return false;
    }

    /** A path may have the empty prefix, which every path has (Envoy's route match). */
    private static PathMatch path(FieldReader match) {
        return switch (text(match, true)) {
            case TextMatch.Exact(var path) -> new PathMatch.Exact(path);
            case TextMatch.Prefix(var prefix) -> new PathMatch.StringPrefix(prefix);
            case TextMatch.Suffix(var suffix) -> new PathMatch.StringSuffix(suffix);
            case TextMatch.Regex(var expression) -> new PathMatch.Regex(expression);
            case TextMatch.Present _ -> new PathMatch.StringPrefix("");
        };
    }

    private static TextMatch text(FieldReader match) {
        return text(match, false);
    }

    private static TextMatch text(FieldReader match, boolean mayHaveEmptyPrefix) {
        var field = match.oneOf("exact", "prefix", "regex");
        field.filter(name -> name.equals("regex") || (name.equals("prefix") && !mayHaveEmptyPrefix))
                .filter(name -> match.isEmptyText(name))
                .ifPresent(name -> match.problem(
                        Codes.MISSING,
                        name,
                        "is empty",
                        "write what to match; a header that is only there is matched by {}"));
        return field.map(name -> text(match, name)).orElseGet(() -> unread(match));
    }

    /** In {@code withoutHeaders} Istio reads the regex {@code *}, which is none, as any value at all. */
    private static TextMatch unwanted(FieldReader match) {
        var any = match.has("regex") && match.text("regex").filter("*"::equals).isPresent();
        return any ? new TextMatch.Present() : textOrPresent(match);
    }

    /** A StringMatch without a value asks that the header or parameter is there. */
    private static TextMatch textOrPresent(FieldReader match) {
        var none = !match.has("exact") && !match.has("prefix") && !match.has("regex");
        return none ? new TextMatch.Present() : text(match);
    }

    private static TextMatch text(FieldReader match, String field) {
        var text = match.text(field).orElse("");
        return switch (field) {
            case "exact" -> new TextMatch.Exact(text);
            case "prefix" -> new TextMatch.Prefix(text);
            default ->
                regex(match, field, text).<TextMatch>map(TextMatch.Regex::new).orElse(new TextMatch.Present());
        };
    }

    /** The expression, if it is a good one; reported otherwise. */
    private static Optional<String> regex(FieldReader match, String field, String expression) {
        var complaint = Regexes.complaint(expression);
        complaint.ifPresent(why -> match.problem(Codes.BAD_REGEX, field, "'" + expression + "' is not valid: " + why));
        return complaint.isPresent() ? Optional.empty() : Optional.of(expression);
    }

    /** After a reported conflict: its fields count as read, so that each slip is told once. */
    private static TextMatch unread(FieldReader match) {
        List.of("exact", "prefix", "regex").forEach(match::value);
        return new TextMatch.Present();
    }
}
