package io.tulle.dialects.gatewayapi;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.gatewayapi.policy.FilterReader;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Hosts;
import io.tulle.dialects.kind.HttpWords;
import io.tulle.model.match.PathMatch;
import io.tulle.model.match.RequestMatch;
import io.tulle.model.policy.HeaderPolicy;
import io.tulle.model.policy.PathRewrite;
import io.tulle.model.policy.PolicySet;
import io.tulle.model.policy.RoutePolicy;
import io.tulle.model.world.RouteRule.Action;
import io.tulle.model.world.RouteRule.ToPort;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The filters of a rule or a backend: what they ask for besides, and what becomes of the request itself. */
record Filters(PolicySet<RoutePolicy> policies, Optional<Action.Redirect> redirect, Optional<Rewrite> rewrite) {
    private static final String REDIRECT = "RequestRedirect";
    private static final String REWRITE = "URLRewrite";
    private static final int LONGEST_PATH = 1024;

    record Rewrite(Optional<PathRewrite> path, Optional<String> authority) {}

    /** One filter, by its type. */
    private sealed interface Filter {
        record Policy(FilterReader type, Optional<? extends RoutePolicy> policy) implements Filter {}

        record Redirecting(Action.Redirect redirect) implements Filter {}

        record Rewriting(Rewrite rewrite) implements Filter {}
    }

    /**
     * Reads them.
     *
     * @param matches of the rule, since a prefix can only be replaced where one was matched
     */
    static Filters of(FieldReader owner, List<RequestMatch> matches, Context context) {
        var redirect = Optional.<Action.Redirect>empty();
        var rewrite = Optional.<Rewrite>empty();
        var policies = RoutePolicy.NONE;
        var seen = new HashSet<String>();
        var all = new ArrayList<Filter>();
        owner.atMost(16, "filters");
        owner.objects("filters", filter -> filter(filter, matches, context))
                .forEach(found -> found.ifPresent(all::add));
        for (var filter : all) {
            if (!seen.add(type(filter)) && !mayRepeat(filter)) {
                owner.problem(
                        Codes.DUPLICATE_NAME, "filters", "has two filters of one type", "put both into one filter");
            }
            switch (filter) {
                case Filter.Policy(var _, var policy) -> {
                    if (policy.isPresent()) policies = joined(policies, policy.get());
                }
                case Filter.Redirecting(var found) -> redirect = Optional.of(found);
                case Filter.Rewriting(var found) -> rewrite = Optional.of(found);
            }
        }
        if (redirect.isPresent() && rewrite.isPresent()) {
            owner.problem(Codes.ONE_OF, "filters", "has both RequestRedirect and URLRewrite");
        }
        return new Filters(policies, redirect, rewrite);
    }

    private static String type(Filter filter) {
        return switch (filter) {
            case Filter.Policy(var reader, var _) -> reader.type();
            case Filter.Redirecting _ -> REDIRECT;
            case Filter.Rewriting _ -> REWRITE;
        };
    }

    private static boolean mayRepeat(Filter filter) {
        return filter instanceof Filter.Policy(var reader, var _) && reader.mayRepeat();
    }

    private static PolicySet<RoutePolicy> joined(PolicySet<RoutePolicy> policies, RoutePolicy next) {
        var before = policies.of(next.getClass());
        return policies.with(before.map(policy -> policy.and(next)).orElse(next));
    }

    private static Optional<Filter> filter(FieldReader filter, List<RequestMatch> matches, Context context) {
        if (!filter.has("type")) filter.missing("type");
        var type = filter.choice("type", types(filter));
        type.map(Filters::field).filter(name -> !filter.has(name)).ifPresent(filter::missing);
        return type.flatMap(name -> switch (name) {
            case REDIRECT -> filter.object(field(name), r -> new Filter.Redirecting(redirect(r, matches)));
            case REWRITE -> filter.object(field(name), r -> new Filter.Rewriting(rewrite(r, matches)));
            default ->
                reader(name)
                        .flatMap(reader ->
                                filter.object(reader.field(), c -> new Filter.Policy(reader, reader.read(c, context))));
        });
    }

    /** Those that this kind of route has: a GRPCRoute rewrites nothing. */
    private static Map<String, String> types(FieldReader filter) {
        return Stream.concat(FilterReader.ALL.stream().map(FilterReader::type), Stream.of(REDIRECT, REWRITE))
                .filter(type -> filter.knows(field(type)))
                .collect(Collectors.toMap(name -> name, name -> name));
    }

    private static String field(String type) {
        return switch (type) {
            case REDIRECT -> "requestRedirect";
            case REWRITE -> "urlRewrite";
            default -> reader(type).map(FilterReader::field).orElseThrow();
        };
    }

    private static Optional<FilterReader> reader(String type) {
        return FilterReader.ALL.stream()
                .filter(reader -> reader.type().equals(type))
                .findFirst();
    }

    /** Whether nothing is asked for but other headers, which is all that a backend may ask for. */
    boolean onlyEditHeaders() {
        return redirect.isEmpty()
                && rewrite.isEmpty()
                && policies.without(HeaderPolicy.class).isEmpty();
    }

    private static Action.Redirect redirect(FieldReader redirect, List<RequestMatch> matches) {
        var status = redirect.integer("statusCode", 301, 308).orElse(302);
        if (!List.of(301, 302, 303, 307, 308).contains(status)) {
            redirect.problem(
                    Codes.OUT_OF_RANGE, "statusCode", "cannot be " + status, "write 301, 302, 303, 307 or 308");
        }
        return new Action.Redirect(
                status,
                redirect.choice("scheme", Map.of("http", "http", "https", "https")),
                hostname(redirect),
                port(redirect),
                path(redirect, matches));
    }

    private static Optional<ToPort> port(FieldReader redirect) {
        var port = redirect.integer("port", 1, 65535);
        return port.isPresent() ? Optional.of(new ToPort.Numbered(port.getAsInt())) : Optional.empty();
    }

    private static Rewrite rewrite(FieldReader rewrite, List<RequestMatch> matches) {
        return new Rewrite(path(rewrite, matches), hostname(rewrite));
    }

    private static Optional<String> hostname(FieldReader fields) {
        var host = fields.text("hostname");
        host.filter(name -> !Hosts.isName(name) || !name.equals(Hosts.plain(name)))
                .ifPresent(name ->
                        fields.problem(Codes.BAD_HOST, "hostname", "'" + name + "' is not a DNS name in lower case"));
        return host;
    }

    private static Optional<PathRewrite> path(FieldReader fields, List<RequestMatch> matches) {
        return fields.object("path", path -> {
                    if (!path.has("type")) path.missing("type");
                    var type = path.choice(
                            "type",
                            Map.of("ReplaceFullPath", "replaceFullPath", "ReplacePrefixMatch", "replacePrefixMatch"));
                    return type.<PathRewrite>flatMap(field -> {
                        if (!path.has(field)) path.missing(field);
                        var text = path.text(field).orElse("");
                        HttpWords.checkLength(path, field, text, LONGEST_PATH);
                        if (!text.isEmpty()) HttpWords.checkPath(path, field, text);
                        if (field.equals("replaceFullPath")) return Optional.of(new PathRewrite.Full(text));
                        requirePrefixes(path, matches);
                        return Optional.of(new PathRewrite.Prefix(text));
                    });
                })
                .flatMap(found -> found);
    }

    private static void requirePrefixes(FieldReader path, List<RequestMatch> matches) {
        var one = matches.size() == 1
                && matches.getFirst()
                        .path()
                        .filter(PathMatch.Prefix.class::isInstance)
                        .isPresent();
        if (!one) {
            path.problem(Codes.PREFIX_NEEDED, "replacePrefixMatch", "needs exactly one match, of type PathPrefix");
        }
    }

    /** What the rule does with the request, once its backends are known. */
    Action action(FieldReader rule, List<io.tulle.model.world.RouteRule.Backend> backends) {
        if (redirect.isPresent()) {
            if (!backends.isEmpty())
                rule.problem(Codes.ONE_OF, "backendRefs", "and a RequestRedirect exclude one another");
            return redirect.get();
        }
        // Gateway API: a rule without a backend, or without one that has weight, answers 500
        if (backends.stream().allMatch(backend -> backend.weight() == 0)) return new Action.Respond(500, "");
        return new Action.Forward(backends, rewrite.flatMap(Rewrite::path), rewrite.flatMap(Rewrite::authority));
    }
}
