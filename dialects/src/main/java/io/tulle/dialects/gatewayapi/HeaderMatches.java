package io.tulle.dialects.gatewayapi;

import io.tulle.dialects.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.field.Regexes;
import io.tulle.dialects.kind.HttpWords;
import io.tulle.model.match.HeaderMatch;
import io.tulle.model.match.QueryMatch;
import io.tulle.model.match.TextMatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Header and query matches: a name, a value, exact or an expression. */
final class HeaderMatches {
    private HeaderMatches() {}

    static List<HeaderMatch> headers(FieldReader match) {
        var written = new ArrayList<String>();
        var matches = match.objects("headers", h -> new HeaderMatch(name(h, written), value(h), false));
        Repeats.report(match, "headers", written);
        return firstOfEach(match, matches);
    }

    static List<QueryMatch> queries(FieldReader match) {
        var written = new ArrayList<String>();
        var matches = match.objects("queryParams", q -> new QueryMatch(name(q, written), value(q)));
        Repeats.report(match, "queryParams", written);
        return matches;
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

    private static TextMatch value(FieldReader match) {
        var value = match.requiredText("value");
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
