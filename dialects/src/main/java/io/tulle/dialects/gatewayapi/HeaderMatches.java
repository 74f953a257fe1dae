package io.tulle.dialects.gatewayapi;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.field.Regexes;
import io.tulle.dialects.kind.HttpWords;
import io.tulle.dialects.kind.Repeats;
import io.tulle.model.match.HeaderMatch;
import io.tulle.model.match.QueryMatch;
import io.tulle.model.match.TextMatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Header and query matches: a name, a value, exact or an expression. */
final class HeaderMatches {
    private HeaderMatches() {}

    static List<HeaderMatch> headers(FieldReader match) {
        var written = new ArrayList<String>();
        var matches = match.objects(
                "headers", h -> named(h, written, 4096, (name, value) -> new HeaderMatch(name, value, false)));
        Repeats.report(match, "headers", written);
        return firstOfEach(match, matches.stream().flatMap(Optional::stream).toList());
    }

    static List<QueryMatch> queries(FieldReader match) {
        var written = new ArrayList<String>();
        var matches = match.objects("queryParams", q -> named(q, written, 1024, QueryMatch::new));
        Repeats.report(match, "queryParams", written);
        return matches.stream().flatMap(Optional::stream).toList();
    }

    /** Empty where it has no good name: that is reported, and the model takes none. */
    private static <T> Optional<T> named(
            FieldReader match, List<String> written, int longest, BiFunction<String, TextMatch, T> made) {
        var name = name(match, written);
        var value = value(match, longest);
        return HttpWords.isToken(name) ? Optional.of(made.apply(name, value)) : Optional.empty();
    }

    private static String name(FieldReader match, List<String> written) {
        var name = match.requiredText("name");
        if (!name.isEmpty() && !HttpWords.isToken(name)) {
            match.problem(Codes.BAD_HEADER, "name", "cannot be '" + name + "'", "write letters, digits and '-'");
        }
        written.add(name);
        return name;
    }

    /** Of names that differ in case alone the first counts, and the others are ignored (Gateway API). */
    private static List<HeaderMatch> firstOfEach(FieldReader match, List<HeaderMatch> all) {
        var first = new LinkedHashMap<String, HeaderMatch>();
        for (var each : all) {
            if (first.putIfAbsent(each.name(), each) == null) continue;
            match.warning(
                    Codes.NO_EFFECT,
                    "headers",
                    "has '" + each.name() + "' twice in different cases, and only the first counts",
                    "write it once");
        }
        return List.copyOf(first.values());
    }

    private static TextMatch value(FieldReader match, int longest) {
        var value = match.requiredText("value");
        HttpWords.checkLength(match, "value", value, longest);
        var regex = match.choice("type", Map.of("Exact", false, "RegularExpression", true))
                .orElse(false);
        if (!regex) return new TextMatch.Exact(value);
        return good(match, "value", value) ? new TextMatch.Regex(value) : new TextMatch.Present();
    }

    /** Whether an expression is a good one; reported otherwise. */
    static boolean good(FieldReader match, String field, String expression) {
        var complaint = Regexes.complaint(expression);
        complaint.ifPresent(why -> match.problem(Codes.BAD_REGEX, field, "'" + expression + "' is not valid: " + why));
        return complaint.isEmpty();
    }
}
