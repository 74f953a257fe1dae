package io.tulle.dialects.gatewayapi;

import io.tulle.dialects.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.field.Regexes;
import io.tulle.model.match.HeaderMatch;
import io.tulle.model.match.QueryMatch;
import io.tulle.model.match.TextMatch;
import java.util.List;
import java.util.Map;

/** Header and query matches: a name, a value, exact or an expression. */
final class HeaderMatches {
    private HeaderMatches() {}

    static List<HeaderMatch> headers(FieldReader match) {
        return match.objects("headers", h -> new HeaderMatch(h.requiredText("name"), value(h), false));
    }

    static List<QueryMatch> queries(FieldReader match) {
        return match.objects("queryParams", q -> new QueryMatch(q.requiredText("name"), value(q)));
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
