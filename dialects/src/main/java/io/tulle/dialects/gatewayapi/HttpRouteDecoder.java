package io.tulle.dialects.gatewayapi;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.gatewayapi.policy.RulePolicyReader;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Contribution;
import io.tulle.dialects.kind.Decoder;
import io.tulle.dialects.kind.Paths;
import io.tulle.dialects.kind.Retrying;
import io.tulle.model.match.PathMatch;
import io.tulle.model.match.RequestMatch;
import io.tulle.model.match.TextMatch;
import io.tulle.model.world.RouteRule;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** HTTPRoute with a Service as parent. */
final class HttpRouteDecoder implements Decoder {
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");
    private static final Pattern PATH = Pattern.compile("([-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+");
    private static final PathMatch EVERY_PATH = new PathMatch.Prefix("/");

    @Override
    public List<Contribution> decode(FieldReader fields, Context context) {
        return Routes.decode(fields, context, HttpRouteDecoder::rule);
    }

    private static RouteRule rule(FieldReader rule, Context context) {
        rule.atMost(64, "matches");
        var written = rule.objects("matches", HttpRouteDecoder::match);
        var matches = written.isEmpty() ? List.of(RequestMatch.ofPath(EVERY_PATH)) : written;
        var filters = Filters.of(rule, matches, context);
        return Retrying.judged(new RouteRule(
                Routes.name(rule),
                matches,
                filters.action(rule, Backends.of(rule, context)),
                filters.policies().overriddenBy(RulePolicyReader.all(rule))));
    }

    private static RequestMatch match(FieldReader match) {
        var method = match.text("method");
        method.filter(name -> !METHODS.contains(name))
                .ifPresent(name -> match.problem(
                        Codes.OUT_OF_RANGE,
                        "method",
                        "cannot be '" + name + "'",
                        "write one of "
                                + String.join(", ", METHODS.stream().sorted().toList())));
        return new RequestMatch(
                Optional.of(match.object("path", HttpRouteDecoder::path).orElse(EVERY_PATH)),
                false,
                method.map(TextMatch.Exact::new),
                Optional.empty(),
                Optional.empty(),
                HeaderMatches.headers(match),
                HeaderMatches.queries(match));
    }

    private static PathMatch path(FieldReader path) {
        var value = path.text("value").orElse("/");
        var type = path.choice(
                        "type",
                        Map.of("Exact", "Exact", "PathPrefix", "PathPrefix", "RegularExpression", "RegularExpression"))
                .orElse("PathPrefix");
        if (type.equals("RegularExpression")) {
            return HeaderMatches.good(path, "value", value)
                    ? Paths.ofRoute(path, "value", new PathMatch.Regex(value))
                    : EVERY_PATH;
        }
        var match = type.equals("Exact") ? new PathMatch.Exact(value) : new PathMatch.Prefix(value);
        if (!isPath(value)) {
            path.problem(
                    Codes.OUT_OF_RANGE,
                    "value",
                    "cannot be '" + value + "'",
                    "write a path that starts with '/', without '//', '/.' and '/..' as segments, '%2F' and '#', and"
                            + " percent-encode what is neither a letter, a digit nor a sign of paths");
            return match;
        }
        return Paths.ofRoute(path, "value", match);
    }

    /** Gateway API's rules for the value of an Exact or PathPrefix match. */
    private static boolean isPath(String value) {
        var padded = value + "/";
        return value.startsWith("/")
                && value.length() <= 1024
                && PATH.matcher(value).matches()
                && !value.contains("//")
                && Stream.of("/./", "/../").noneMatch(padded::contains)
                && !value.toLowerCase(Locale.ROOT).contains("%2f");
    }
}
