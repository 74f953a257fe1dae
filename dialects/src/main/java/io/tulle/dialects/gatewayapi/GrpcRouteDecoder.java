package io.tulle.dialects.gatewayapi;

import com.google.re2j.Pattern;
import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.gatewayapi.policy.SessionReader;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Contribution;
import io.tulle.dialects.kind.Decoder;
import io.tulle.dialects.kind.HttpWords;
import io.tulle.model.match.PathMatch;
import io.tulle.model.match.RequestMatch;
import io.tulle.model.world.RouteRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** GRPCRoute with a Service as parent. A method is the path {@code /package.Service/Method}. */
final class GrpcRouteDecoder implements Decoder {
    private static final String ANY_SEGMENT = "[^/]+";

    private static final int LONGEST_NAME = 1024;

    /** Names as protobuf has them, and Gateway API with it. */
    private static final Pattern SERVICE = Pattern.compile("\\.?[A-Za-z_][A-Za-z_0-9]*(\\.[A-Za-z_][A-Za-z_0-9]*)*");

    private static final Pattern METHOD = Pattern.compile("[A-Za-z_][A-Za-z_0-9]*");

    @Override
    public List<Contribution> decode(FieldReader fields, Context context) {
        return Routes.decode(fields, context, GrpcRouteDecoder::rule);
    }

    private static RouteRule rule(FieldReader rule, Context context) {
        rule.atMost(64, "matches");
        var written = rule.objects("matches", GrpcRouteDecoder::match);
        var matches = written.isEmpty() ? List.of(RequestMatch.ofPath(new PathMatch.Prefix("/"))) : written;
        var filters = Filters.of(rule, matches, context);
        return new RouteRule(
                Routes.name(rule),
                matches,
                filters.action(rule, Backends.of(rule, context)),
                filters.policies().with(SessionReader.of(rule)));
    }

    private static RequestMatch match(FieldReader match) {
        return new RequestMatch(
                Optional.of(match.object("method", GrpcRouteDecoder::path).orElse(new PathMatch.Prefix("/"))),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                HeaderMatches.headers(match),
                List.of());
    }

    private static PathMatch path(FieldReader match) {
        var service = match.text("service").filter(name -> !name.isEmpty());
        var method = match.text("method").filter(name -> !name.isEmpty());
        requireShort(match, "service", service);
        requireShort(match, "method", method);
        var regex = match.choice("type", Map.of("Exact", false, "RegularExpression", true))
                .orElse(false);
        if (service.isEmpty() && method.isEmpty()) {
            match.oneOf("service", "method");
            return new PathMatch.Prefix("/");
        }
        if (regex) {
            var goodService = service.stream().allMatch(text -> HeaderMatches.good(match, "service", text));
            var goodMethod = method.stream().allMatch(text -> HeaderMatches.good(match, "method", text));
            return goodService && goodMethod ? either(service, method) : new PathMatch.Prefix("/");
        }
        requireNames(match, service, method);
        if (method.isEmpty()) return new PathMatch.Prefix("/" + service.get());
        if (service.isEmpty()) return either(service, method.map(Pattern::quote));
        return new PathMatch.Exact("/" + service.get() + "/" + method.get());
    }

    private static void requireShort(FieldReader match, String field, Optional<String> name) {
        name.ifPresent(text -> HttpWords.checkLength(match, field, text, LONGEST_NAME));
    }

    private static void requireNames(FieldReader match, Optional<String> service, Optional<String> method) {
        service.filter(name -> !SERVICE.matcher(name).matches())
                .ifPresent(name -> match.problem(
                        Codes.OUT_OF_RANGE, "service", "cannot be '" + name + "'", "write package.Service"));
        method.filter(name -> !METHOD.matcher(name).matches())
                .ifPresent(name -> match.problem(
                        Codes.OUT_OF_RANGE, "method", "cannot be '" + name + "'", "write the method's name alone"));
    }

    private static PathMatch either(Optional<String> service, Optional<String> method) {
        return new PathMatch.Regex("/(?:" + service.orElse(ANY_SEGMENT) + ")/(?:" + method.orElse(ANY_SEGMENT) + ")");
    }
}
