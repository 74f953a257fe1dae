package io.tulle.dialects.gatewayapi;

import io.tulle.dialects.Codes;
import io.tulle.dialects.field.Durations;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Contribution;
import io.tulle.dialects.kind.Decoder;
import io.tulle.dialects.kind.Paths;
import io.tulle.dialects.kind.Retrying;
import io.tulle.model.match.PathMatch;
import io.tulle.model.match.RequestMatch;
import io.tulle.model.match.TextMatch;
import io.tulle.model.policy.RetryPolicy;
import io.tulle.model.policy.RetryPolicy.Condition;
import io.tulle.model.world.RouteRule;
import java.time.Duration;
import java.util.EnumSet;
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
    private static final Duration BACKOFF = Duration.ofMillis(25);

    @Override
    public List<Contribution> decode(FieldReader fields, Context context) {
        return Routes.decode(fields, context, HttpRouteDecoder::rule);
    }

    private record Timeouts(Optional<Duration> request, Optional<Duration> attempt) {
        static final Timeouts NONE = new Timeouts(Optional.empty(), Optional.empty());
    }

    private static RouteRule rule(FieldReader rule, Context context) {
        rule.atMost(64, "matches");
        var written = rule.objects("matches", HttpRouteDecoder::match);
        var matches = written.isEmpty() ? List.of(RequestMatch.ofPath(EVERY_PATH)) : written;
        var filters = Filters.of(rule, matches);
        var timeouts = rule.object("timeouts", HttpRouteDecoder::timeouts).orElse(Timeouts.NONE);
        var retry = rule.object("retry", r -> retry(r, timeouts))
                .or(() -> timeouts.attempt().map(HttpRouteDecoder::perTryAlone));
        return Retrying.judged(new RouteRule(
                rule.text("name").orElse(""),
                matches,
                filters.action(rule, Backends.of(rule, context)),
                timeouts.request(),
                retry,
                Optional.empty(),
                filters.request(),
                filters.response()));
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

    private static Timeouts timeouts(FieldReader timeouts) {
        var request = timeouts.duration("request", Durations.GATEWAY).filter(d -> !d.isZero());
        var attempt = timeouts.duration("backendRequest", Durations.GATEWAY).filter(d -> !d.isZero());
        if (request.isPresent() && attempt.isPresent() && attempt.get().compareTo(request.get()) > 0) {
            timeouts.problem(Codes.OUT_OF_RANGE, "backendRequest", "is longer than request", "shorten it");
        }
        return new Timeouts(request, attempt);
    }

    private static RetryPolicy retry(FieldReader retry, Timeouts timeouts) {
        var codes = retry.integers("codes", 400, 599);
        Repeats.report(retry, "codes", codes);
        var on = EnumSet.of(Condition.CONNECT_FAILURE, Condition.REFUSED_STREAM);
        if (!codes.isEmpty()) on.add(Condition.RETRIABLE_STATUS_CODES);
        return new RetryPolicy(
                retry.integer("attempts", 1, 1_000).orElse(1),
                timeouts.attempt(),
                on,
                codes,
                retry.duration("backoff", Durations.GATEWAY)
                        .filter(d -> !d.isZero())
                        .orElse(BACKOFF),
                false,
                true);
    }

    /** The house's default for what surely was not delivered, with a limit to each attempt. */
    private static RetryPolicy perTryAlone(Duration attempt) {
        return new RetryPolicy(
                2,
                Optional.of(attempt),
                Set.of(Condition.CONNECT_FAILURE, Condition.REFUSED_STREAM),
                List.of(),
                BACKOFF,
                false,
                true);
    }
}
