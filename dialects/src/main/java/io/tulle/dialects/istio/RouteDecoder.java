package io.tulle.dialects.istio;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.field.Regexes;
import io.tulle.dialects.istio.policy.HeaderReader;
import io.tulle.dialects.istio.policy.RoutePolicyReader;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.HttpWords;
import io.tulle.dialects.kind.Retrying;
import io.tulle.model.match.PathMatch;
import io.tulle.model.match.RequestMatch;
import io.tulle.model.policy.HeaderEdits;
import io.tulle.model.policy.HeaderPolicy;
import io.tulle.model.policy.PathRewrite;
import io.tulle.model.world.RouteRule;
import io.tulle.model.world.SourceMatch;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** One entry of a VirtualService's {@code http}. */
final class RouteDecoder {
    /** Istio's limit: every proxy holds the body. */
    private static final int LARGEST_BODY = 1 << 20;

    private final FieldReader route;
    private final Context context;

    RouteDecoder(FieldReader route, Context context) {
        this.route = route;
        this.context = context;
    }

    /** The rules that it says: one, or several where ports or kinds of path ask for different treatment. */
    List<RouteRule> rules() {
        var matches = route.objects("match", Matches::of);
        if (matches.isEmpty())
            matches = List.of(new Matches.Ported(RequestMatch.ANY, OptionalInt.empty(), SourceMatch.ANY));
        requireCompany();
        var rewrite = route.object("rewrite", this::rewrite).orElse(Rewrite.NONE);
        var rule = rule(rewrite);
        var all = new ArrayList<RouteRule>();
        for (var match : matches) add(rule, match, rewrite, all);
        return all;
    }

    /** An answer of the proxy's own is neither changed nor disturbed on its way to a service: it does not go to one. */
    private void requireCompany() {
        for (var answer : List.of("redirect", "directResponse")) {
            for (var other : List.of("fault", "rewrite")) {
                if (!route.has(answer) || !route.has(other)) continue;
                route.problem(Codes.EXCLUDES, other, "and " + answer + " exclude one another", "remove one of the two");
            }
        }
    }

    private record Rewrite(
            Optional<String> uri, Optional<PathRewrite.Substitute> substitute, Optional<String> authority) {
        static final Rewrite NONE = new Rewrite(Optional.empty(), Optional.empty(), Optional.empty());
    }

    private RouteRule rule(Rewrite rewrite) {
        var policies = RoutePolicyReader.all(route, context);
        policies.of(HeaderPolicy.class).ifPresent(edits -> requireOneAuthority(rewrite, edits.request()));
        return new RouteRule(route.text("name").orElse(""), List.of(), action(rewrite), policies);
    }

    /** Istio lets a change of the header {@code host} do what {@code rewrite.authority} does, but one of them alone. */
    private void requireOneAuthority(Rewrite rewrite, HeaderEdits edits) {
        var byHeader = edits.set().stream()
                .filter(header -> HeaderReader.isAuthority(header.name()))
                .map(HeaderEdits.Header::value);
        var all = Stream.concat(rewrite.authority().stream(), byHeader).toList();
        if (all.size() < 2) return;
        route.problem(
                Codes.EXCLUDES,
                "headers",
                "would set the authority of requests to " + String.join(" and to ", all),
                "set it once, in rewrite.authority");
    }

    /** Appends a match: to the rule before it where nothing but the match differs, so that the written order holds. */
    private static void add(RouteRule rule, Matches.Ported match, Rewrite rewrite, List<RouteRule> all) {
        var next = new RouteRule(
                rule.name(),
                List.of(swapsPrefix(rule, rewrite) ? withPath(match.match()) : match.match()),
                rewritten(rule.action(), match.match(), rewrite),
                rule.policies(),
                match.port(),
                match.from());
        var joined = all.isEmpty() ? Optional.<RouteRule>empty() : joined(all.getLast(), next);
        joined.ifPresentOrElse(both -> all.set(all.size() - 1, both), () -> all.add(next));
        all.replaceAll(Retrying::judged);
    }

    private static boolean swapsPrefix(RouteRule rule, Rewrite rewrite) {
        return rewrite.uri().isPresent()
                || (rule.action() instanceof RouteRule.Action.Redirect to
                        && to.path()
                                .filter(PathRewrite.Prefix.class::isInstance)
                                .isPresent());
    }

    private static Optional<RouteRule> joined(RouteRule last, RouteRule next) {
        if (!last.action().equals(next.action())
                || !last.port().equals(next.port())
                || !last.from().equals(next.from())) return Optional.empty();
        var matches = new ArrayList<>(last.matches());
        matches.addAll(next.matches());
        return Optional.of(last.withMatches(matches));
    }

    /** A rewrite replaces the prefix that matched; where no path is asked for that prefix is the slash. */
    private static RequestMatch withPath(RequestMatch match) {
        if (match.path().isPresent()) return match;
        return new RequestMatch(
                Optional.of(new PathMatch.StringPrefix("/")),
                match.ignorePathCase(),
                match.method(),
                match.authority(),
                match.scheme(),
                match.headers(),
                match.queryParameters());
    }

    private static RouteRule.Action rewritten(RouteRule.Action action, RequestMatch match, Rewrite rewrite) {
        if (!(action instanceof RouteRule.Action.Forward forward)
                || rewrite.uri().isEmpty()) return action;
        var uri = rewrite.uri().get();
        var whole = match.path()
                .filter(path -> !(path instanceof PathMatch.StringPrefix))
                .isPresent();
        return new RouteRule.Action.Forward(
                forward.backends(),
                Optional.of(whole ? new PathRewrite.Full(uri) : new PathRewrite.Prefix(uri)),
                forward.authority());
    }

    private RouteRule.Action action(Rewrite rewrite) {
        if (route.has("delegate")) return new RouteRule.Action.Respond(500, ""); // reported as not acted on
        var which = route.oneOf("route", "redirect", "directResponse").orElse("");
        return switch (which) {
            case "redirect" -> route.object("redirect", this::redirect).orElseGet(RouteDecoder::nothing);
            case "directResponse" ->
                route.object("directResponse", this::respond).orElseGet(RouteDecoder::nothing);
            case "route" -> {
                var legs = Legs.http(route, context);
                if (legs.isEmpty()) route.missing("route");
                yield new RouteRule.Action.Forward(legs, rewrite.substitute().map(found -> found), rewrite.authority());
            }
            default -> {
                List.of("route", "redirect", "directResponse").forEach(route::value);
                yield nothing();
            }
        };
    }

    private static RouteRule.Action nothing() {
        return new RouteRule.Action.Respond(500, "");
    }

    private Rewrite rewrite(FieldReader rewrite) {
        var uri = rewrite.text("uri").filter(text -> !text.isEmpty());
        var authority = rewrite.text("authority").filter(text -> !text.isEmpty());
        uri.ifPresent(path -> HttpWords.checkPath(rewrite, "uri", path));
        authority.ifPresent(host -> HttpWords.checkAuthority(rewrite, "authority", host));
        if (uri.isPresent() && rewrite.has("uriRegexRewrite"))
            rewrite.problem(Codes.EXCLUDES, "uri", "and uriRegexRewrite exclude one another", "remove one of the two");
        if (uri.isEmpty() && authority.isEmpty() && !rewrite.has("uriRegexRewrite")) {
            rewrite.problem(
                    Codes.MISSING,
                    "",
                    "says nothing to rewrite",
                    "set uri, uriRegexRewrite or authority, or remove rewrite");
        }
        var substitute =
                rewrite.object("uriRegexRewrite", RouteDecoder::substitute).flatMap(found -> found);
        return new Rewrite(uri, substitute, authority);
    }

    private static Optional<PathRewrite.Substitute> substitute(FieldReader rewrite) {
        var expression = rewrite.requiredText("match");
        var with = rewrite.requiredText("rewrite");
        var complaint = Regexes.complaint(expression);
        complaint.ifPresent(
                why -> rewrite.problem(Codes.BAD_REGEX, "match", "'" + expression + "' is not valid: " + why));
        if (complaint.isPresent()) return Optional.empty();
        if (with.chars().anyMatch(c -> c <= 0x20 || c >= 0x7f || c == '#'))
            rewrite.problem(
                    Codes.BAD_TARGET,
                    "rewrite",
                    "cannot be '" + HttpWords.shown(with) + "'",
                    "percent-encode what no path has");
        try {
            return Optional.of(new PathRewrite.Substitute(expression, with));
        } catch (IllegalArgumentException refused) {
            rewrite.problem(
                    Codes.OUT_OF_RANGE,
                    "rewrite",
                    String.valueOf(refused.getMessage()),
                    "write \\1 for what the first group matches, and \\\\ for a backslash");
            return Optional.empty();
        }
    }

    private RouteRule.Action redirect(FieldReader redirect) {
        var derived = redirect.choice(
                "derivePort",
                Map.<String, Optional<RouteRule.ToPort>>of(
                        "FROM_PROTOCOL_DEFAULT",
                        Optional.empty(),
                        "FROM_REQUEST_PORT",
                        Optional.of(new RouteRule.ToPort.Dialled())));
        if (redirect.has("port") && redirect.has("derivePort")) redirect.oneOf("port", "derivePort");
        var code = redirect.integer("redirectCode", 0, 399).orElse(0);
        var status = code == 0 ? 301 : code;
        if (!List.of(301, 302, 303, 307, 308).contains(status)) {
            redirect.problem(
                    Codes.OUT_OF_RANGE, "redirectCode", "cannot be " + status, "write 301, 302, 303, 307 or 308");
        }
        var uri = redirect.text("uri").filter(text -> !text.isEmpty());
        var authority = redirect.text("authority").filter(text -> !text.isEmpty());
        uri.ifPresent(path -> HttpWords.checkPath(redirect, "uri", path));
        authority.ifPresent(host -> HttpWords.checkAuthority(redirect, "authority", host));
        var port = redirect.integer("port", 1, 65535);
        var scheme = redirect.isEmptyText("scheme")
                ? redirect.text("scheme").filter(text -> !text.isEmpty())
                : redirect.choice("scheme", Map.of("http", "http", "https", "https"));
        var to = port.isPresent()
                ? Optional.<RouteRule.ToPort>of(new RouteRule.ToPort.Numbered(port.getAsInt()))
                : derived.flatMap(found -> found);
        var prefix = redirect.text("prefixRewrite").filter(text -> !text.isEmpty());
        prefix.ifPresent(path -> HttpWords.checkPath(redirect, "prefixRewrite", path));
        if (uri.isPresent() && prefix.isPresent())
            redirect.problem(Codes.EXCLUDES, "uri", "and prefixRewrite exclude one another", "remove one of the two");
        Optional<PathRewrite> path =
                uri.isPresent() ? uri.map(PathRewrite.Full::new) : prefix.map(PathRewrite.Prefix::new);
        var elsewhere = uri.isPresent() || authority.isPresent() || scheme.isPresent() || redirect.has("port");
        if (!elsewhere && !redirect.has("derivePort") && !redirect.has("prefixRewrite")) {
            redirect.problem(
                    Codes.MISSING,
                    "",
                    "does not say where to: the caller would be sent to where it is",
                    "set uri, authority, scheme or port");
        }
        return new RouteRule.Action.Redirect(status, scheme, authority, to, path);
    }

    private RouteRule.Action respond(FieldReader response) {
        if (!response.has("status")) response.missing("status");
        var status = response.integer("status", 200, 599).orElse(500);
        var body = response.object("body", RouteDecoder::body).orElse("");
        return new RouteRule.Action.Respond(status, body);
    }

    private static String body(FieldReader body) {
        if (body.has("string") && body.has("bytes")) body.oneOf("string", "bytes");
        var text = body.text("string")
                .or(() -> body.text("bytes").flatMap(written -> decoded(body, written)))
                .orElse("");
        if (text.getBytes(StandardCharsets.UTF_8).length > LARGEST_BODY) {
            body.problem(Codes.OUT_OF_RANGE, "", "is longer than 1 MiB", "serve what is so long from a service");
        }
        return text;
    }

    /** Bytes are written in base64. The proxies answer with text. */
    private static Optional<String> decoded(FieldReader body, String written) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(written);
        } catch (IllegalArgumentException _) {
            body.problem(Codes.OUT_OF_RANGE, "bytes", "is not base64", "encode the bytes in base64, or set string");
            return Optional.empty();
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException _) {
            body.problem(
                    Codes.NOT_ACTED_ON,
                    "bytes",
                    "is not UTF-8 text, and Tulle answers with text alone",
                    "serve such bytes from a service");
            return Optional.empty();
        }
    }
}
