package io.tulle.xds.codec;

import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.tulle.model.match.HeaderMatch;
import io.tulle.model.match.PathMatch;
import io.tulle.model.match.QueryMatch;
import io.tulle.model.match.RequestMatch;
import io.tulle.model.match.TextMatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A route's conditions. Method, authority and scheme are conditions on pseudo-headers, as Envoy has them. */
final class Matches {
    private static final String METHOD = ":method";
    private static final String AUTHORITY = ":authority";
    private static final String SCHEME = ":scheme";

    private Matches() {}

    static RouteMatch encode(RequestMatch match) {
        var route = RouteMatch.newBuilder();
        match.path().ifPresentOrElse(path -> path(route, path), () -> route.setPrefix(""));
        if (match.ignorePathCase()) route.setCaseSensitive(Wellknown.flag(false));
        match.method().ifPresent(text -> route.addHeaders(header(METHOD, text, false)));
        match.authority().ifPresent(text -> route.addHeaders(header(AUTHORITY, text, false)));
        match.scheme().ifPresent(text -> route.addHeaders(header(SCHEME, text, false)));
        match.headers().forEach(each -> route.addHeaders(header(each.name(), each.value(), each.inverted())));
        match.queryParameters().forEach(each -> route.addQueryParameters(query(each)));
        return route.build();
    }

    private static QueryParameterMatcher query(QueryMatch match) {
        var query = QueryParameterMatcher.newBuilder().setName(match.name());
        if (match.value() instanceof TextMatch.Present) query.setPresentMatch(true);
        else query.setStringMatch(Texts.encode(match.value()));
        return query.build();
    }

    /** Whether a whole-segment prefix has no form of its own in Envoy (pattern {@code ^[^?#]+[^?#/]$}). */
    static boolean needsFact(RequestMatch match) {
        return match.path().orElse(null) instanceof PathMatch.Prefix(var path) && !isSeparable(path);
    }

    static RequestMatch decode(Node match, boolean wholeSegments) {
        match.ignore("grpc"); // the content type is the application's affair; the path decides
        var pseudo = new HashMap<String, TextMatch>();
        var headers = new ArrayList<HeaderMatch>();
        match.children("headers").forEach(header -> header(header, pseudo, headers));
        return new RequestMatch(
                path(match, wholeSegments),
                !match.wrappedFlag("case_sensitive").orElse(true),
                taken(pseudo, METHOD),
                taken(pseudo, AUTHORITY),
                taken(pseudo, SCHEME),
                headers,
                match.children("query_parameters").stream().map(Matches::query).toList());
    }

    private static void path(RouteMatch.Builder route, PathMatch path) {
        switch (path) {
            case PathMatch.Exact(var exact) -> route.setPath(exact);
            case PathMatch.Prefix(var prefix) when isSeparable(prefix) -> route.setPathSeparatedPrefix(prefix);
            case PathMatch.Prefix(var prefix) -> route.setPrefix(prefix);
            case PathMatch.StringPrefix(var prefix) -> route.setPrefix(prefix);
            case PathMatch.StringSuffix(var suffix) -> route.setSafeRegex(Texts.regex(".*" + Texts.quote(suffix)));
            case PathMatch.Regex(var expression) -> route.setSafeRegex(Texts.regex(expression));
        }
    }

    private static Optional<PathMatch> path(Node match, boolean wholeSegments) {
        return switch (match.which("path_specifier")) {
            case "path" -> Optional.of(new PathMatch.Exact(match.text("path")));
            case "path_separated_prefix" -> Optional.of(new PathMatch.Prefix(match.text("path_separated_prefix")));
            case "prefix" -> {
                var prefix = match.text("prefix");
                if (wholeSegments) yield Optional.of(new PathMatch.Prefix(prefix));
                yield prefix.isEmpty() ? Optional.empty() : Optional.of(new PathMatch.StringPrefix(prefix));
            }
            case "safe_regex" -> Optional.of(ofExpression(Texts.expression(match.need("safe_regex"))));
            case "" -> throw match.invalid("path_specifier", "is missing");
            case String other -> throw match.unsupported(other);
        };
    }

    private static PathMatch ofExpression(String expression) {
        if (expression.startsWith(".*")) {
            var suffix = Texts.unquote(expression.substring(2));
            if (suffix.isPresent()) return new PathMatch.StringSuffix(suffix.get());
        }
        return new PathMatch.Regex(expression);
    }

    private static boolean isSeparable(String path) {
        return path.length() > 1 && !path.endsWith("/") && path.chars().noneMatch(c -> c == '?' || c == '#');
    }

    private static HeaderMatcher header(String name, TextMatch value, boolean inverted) {
        if (value instanceof TextMatch.Present) {
            return HeaderMatcher.newBuilder()
                    .setName(name)
                    .setPresentMatch(true) // an empty value is a value
                    .setInvertMatch(inverted)
                    .build();
        }
        return HeaderMatcher.newBuilder()
                .setName(name)
                .setStringMatch(Texts.encode(value))
                .setInvertMatch(inverted)
                .setTreatMissingHeaderAsEmpty(inverted) // so that a missing header meets the inverted condition
                .build();
    }

    private static void header(Node header, Map<String, TextMatch> pseudo, List<HeaderMatch> headers) {
        header.ignore("treat_missing_header_as_empty"); // what Tulle does for inverted conditions anyway
        var name = header.name("name");
        var inverted = header.flag("invert_match");
        if (header.which("header_match_specifier").equals("present_match")) inverted ^= !header.flag("present_match");
        var value = value(header);
        var isPseudo = name.equals(METHOD) || name.equals(AUTHORITY) || name.equals(SCHEME);
        if (isPseudo && !inverted && !pseudo.containsKey(name)) {
            pseudo.put(name, value);
        } else {
            headers.add(new HeaderMatch(name, value, inverted));
        }
    }

    private static TextMatch value(Node header) {
        return switch (header.which("header_match_specifier")) {
            case "string_match" -> valued(Texts.decode(header.need("string_match")));
            case "", "present_match" -> new TextMatch.Present();
            case "exact_match" ->
                new TextMatch.Exact(header.text("exact_match")); // deprecated forms, still sent by some
            case "prefix_match" -> new TextMatch.Prefix(header.text("prefix_match"));
            case "suffix_match" -> new TextMatch.Suffix(header.text("suffix_match"));
            case "safe_regex_match" -> valued(Texts.ofExpression(Texts.expression(header.need("safe_regex_match"))));
            case String other -> throw header.unsupported(other);
        };
    }

    /** An expression for any text but the empty one asks for more than presence. */
    private static TextMatch valued(TextMatch match) {
        return match instanceof TextMatch.Present ? new TextMatch.Regex(".+") : match;
    }

    private static QueryMatch query(Node query) {
        var name = query.name("name");
        return switch (query.which("query_parameter_match_specifier")) {
            case "string_match" -> new QueryMatch(name, valued(Texts.decode(query.need("string_match"))));
            case "present_match" -> {
                if (!query.flag("present_match")) throw query.unsupported("present_match");
                yield new QueryMatch(name, new TextMatch.Present());
            }
            case "" -> new QueryMatch(name, new TextMatch.Present());
            case String other -> throw query.unsupported(other);
        };
    }

    private static Optional<TextMatch> taken(Map<String, TextMatch> pseudo, String name) {
        return Optional.ofNullable(pseudo.get(name));
    }
}
