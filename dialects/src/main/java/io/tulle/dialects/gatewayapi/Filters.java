package io.tulle.dialects.gatewayapi;

import io.tulle.dialects.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Hosts;
import io.tulle.dialects.kind.HttpWords;
import io.tulle.model.match.PathMatch;
import io.tulle.model.match.RequestMatch;
import io.tulle.model.policy.HeaderEdits;
import io.tulle.model.policy.PathRewrite;
import io.tulle.model.world.RouteRule.Action;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The filters of a rule or a backend, each type at most once. */
record Filters(
        HeaderEdits request, HeaderEdits response, Optional<Action.Redirect> redirect, Optional<Rewrite> rewrite) {
    record Rewrite(Optional<PathRewrite> path, Optional<String> authority) {}

    /** One filter, by its type. */
    private sealed interface Filter {
        record Request(HeaderEdits edits) implements Filter {}

        record Response(HeaderEdits edits) implements Filter {}

        record Redirecting(Action.Redirect redirect) implements Filter {}

        record Rewriting(Rewrite rewrite) implements Filter {}
    }

    private static final Map<String, String> FIELDS = Map.of(
            "RequestHeaderModifier", "requestHeaderModifier",
            "ResponseHeaderModifier", "responseHeaderModifier",
            "RequestRedirect", "requestRedirect",
            "URLRewrite", "urlRewrite");

    /** @param matches of the rule, since a prefix can only be replaced where one was matched */
    static Filters of(FieldReader owner, List<RequestMatch> matches) {
        var request = HeaderEdits.NONE;
        var response = HeaderEdits.NONE;
        var redirect = Optional.<Action.Redirect>empty();
        var rewrite = Optional.<Rewrite>empty();
        var seen = new HashSet<Class<?>>();
        var all = new ArrayList<Filter>();
        owner.atMost(16, "filters");
        owner.objects("filters", filter -> filter(filter, matches)).forEach(found -> found.ifPresent(all::add));
        for (var filter : all) {
            if (!seen.add(filter.getClass())) {
                owner.problem(
                        Codes.DUPLICATE_NAME, "filters", "has two filters of one type", "put both into one filter");
            }
            switch (filter) {
                case Filter.Request(var edits) -> request = edits;
                case Filter.Response(var edits) -> response = edits;
                case Filter.Redirecting(var found) -> redirect = Optional.of(found);
                case Filter.Rewriting(var found) -> rewrite = Optional.of(found);
            }
        }
        if (redirect.isPresent() && rewrite.isPresent()) {
            owner.problem(Codes.ONE_OF, "filters", "has both RequestRedirect and URLRewrite");
        }
        return new Filters(request, response, redirect, rewrite);
    }

    private static Optional<Filter> filter(FieldReader filter, List<RequestMatch> matches) {
        if (!filter.has("type")) filter.missing("type");
        var field = filter.choice("type", FIELDS);
        field.filter(name -> !filter.has(name)).ifPresent(filter::missing);
        return field.flatMap(name -> switch (name) {
            case "requestHeaderModifier" -> filter.object(name, edits -> new Filter.Request(edits(edits)));
            case "responseHeaderModifier" -> filter.object(name, edits -> new Filter.Response(edits(edits)));
            case "requestRedirect" ->
                filter.object(name, redirect -> new Filter.Redirecting(redirect(redirect, matches)));
            default -> filter.object(name, rewrite -> new Filter.Rewriting(rewrite(rewrite, matches)));
        });
    }

    private static HeaderEdits edits(FieldReader edits) {
        var remove = edits.texts("remove");
        remove.forEach(name -> HttpWords.checkName(edits, "remove", name));
        Repeats.report(edits, "remove", remove);
        return new HeaderEdits(headers(edits, "set"), headers(edits, "add"), remove);
    }

    private static List<HeaderEdits.Header> headers(FieldReader edits, String field) {
        var written = new ArrayList<String>();
        var headers = edits.objects(field, header -> header(header, written));
        Repeats.report(edits, field, written);
        return headers;
    }

    private static HeaderEdits.Header header(FieldReader header, List<String> written) {
        var name = header.requiredText("name");
        written.add(name);
        var value = header.requiredText("value");
        if (!name.isEmpty()) HttpWords.checkName(header, "name", name);
        HttpWords.checkValue(header, "value", value);
        return new HeaderEdits.Header(name, value);
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
                redirect.integer("port", 1, 65535),
                path(redirect, matches));
    }

    private static Rewrite rewrite(FieldReader rewrite, List<RequestMatch> matches) {
        return new Rewrite(path(rewrite, matches), hostname(rewrite));
    }

    private static Optional<String> hostname(FieldReader fields) {
        var host = fields.text("hostname");
        host.filter(name -> !Hosts.isName(name))
                .ifPresent(name -> fields.problem(Codes.BAD_HOST, "hostname", "'" + name + "' is not a DNS name"));
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
