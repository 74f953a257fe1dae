package io.tulle.xds.codec;

import io.envoyproxy.envoy.config.core.v3.CidrRange;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.tulle.model.match.TextMatch;
import io.tulle.model.policy.AuthorizationRule.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Who asks, as RBAC principals. A principal ({@code tulle/ns/shop/sa/cart}) is the URI without its scheme; a namespace is
 * an expression over the URI, whose two ends no principal's expression has.
 */
final class Principals {
    static final Principal ANY = Principal.newBuilder().setAny(true).build();
    private static final String SCHEME = "spiffe://";
    private static final String NAMESPACE = "spiffe://[^/]+/ns/";
    private static final String ACCOUNT = "/sa/[^/]+";
    private static final String ISTIO_NAMESPACE = ".*/ns/";
    private static final String SEGMENT = "[^/]*";
    private static final String ANY_SEGMENT = "(?:[^/]*)";
    private static final String FILLED = "[^/]+";

    private Principals() {}

    static Principal encode(Source source) {
        var ids = new ArrayList<Principal>();
        group(ids, source.principals(), source.notPrincipals(), Principals::ofPrincipal);
        group(ids, source.namespaces(), source.notNamespaces(), Principals::ofNamespace);
        group(ids, source.ipBlocks(), source.notIpBlocks(), Principals::block);
        if (ids.isEmpty()) ids.add(ANY);
        return Principal.newBuilder()
                .setAndIds(Principal.Set.newBuilder().addAllIds(ids))
                .build();
    }

    static Principal ofPrincipal(TextMatch text) {
        return authenticated(principal(text));
    }

    static Principal ofNamespace(TextMatch text) {
        return authenticated(namespace(text));
    }

    static boolean isAny(Node principal) {
        return principal.which("identifier").equals("any") && principal.flag("any");
    }

    static Source decode(Node principal) {
        var parts = new SourceParts();
        if (principal.which("identifier").equals("and_ids")) {
            for (var id : principal.need("and_ids").children("ids")) part(id, parts);
        } else {
            part(principal, parts);
        }
        return parts.source();
    }

    private static void part(Node id, SourceParts parts) {
        if (isAny(id)) return;
        var negated = id.which("identifier").equals("not_id");
        var inner = negated ? id.need("not_id") : id;
        var alternatives = inner.which("identifier").equals("or_ids")
                ? inner.need("or_ids").children("ids")
                : List.of(inner);
        if (alternatives.isEmpty()) throw id.invalid("or_ids", "is empty");
        parts.begin(negated, id);
        for (var leaf : alternatives) leaf(leaf, parts);
    }

    private static void leaf(Node leaf, SourceParts parts) {
        switch (leaf.which("identifier")) {
            case "authenticated" -> {
                var name = leaf.need("authenticated").child("principal_name");
                if (name.isPresent()) {
                    identity(name.get(), parts);
                } else {
                    parts.principal(new TextMatch.Present());
                }
            }
            case "direct_remote_ip" -> parts.block(Blocks.decode(leaf.need("direct_remote_ip")));
            case "source_ip" -> parts.block(Blocks.decode(leaf.need("source_ip"))); // deprecated, the same
            case "" -> throw leaf.invalid("identifier", "is missing");
            case String other -> throw leaf.unsupported(other);
        }
    }

    private static void identity(Node name, SourceParts parts) {
        switch (Texts.decode(name)) {
            case TextMatch.Exact(var uri)
            when uri.startsWith(SCHEME) -> parts.principal(new TextMatch.Exact(uri.substring(SCHEME.length())));
            case TextMatch.Prefix(var uri)
            when uri.startsWith(SCHEME) -> parts.principal(new TextMatch.Prefix(uri.substring(SCHEME.length())));
            case TextMatch.Suffix suffix -> parts.principal(suffix);
            case TextMatch.Present present -> parts.principal(present);
            case TextMatch.Regex(var expression) -> expression(name, expression, parts);
            case TextMatch.Exact _, TextMatch.Prefix _ -> throw name.unsupported("match_pattern");
        }
    }

    private static void expression(Node name, String expression, SourceParts parts) {
        if (isBetween(expression, NAMESPACE, ACCOUNT)) {
            parts.namespace(namespace(between(expression, NAMESPACE, ACCOUNT)));
            return;
        }
        if (isBetween(expression, ISTIO_NAMESPACE, "/.*")) {
            var literal = Texts.unquote(between(expression, ISTIO_NAMESPACE, "/.*"));
            if (literal.isPresent()) {
                parts.namespace(new TextMatch.Exact(literal.get()));
                return;
            }
        }
        if (!isBetween(expression, SCHEME + "(?:", ")")) throw name.unsupported("safe_regex");
        var inner = between(expression, SCHEME + "(?:", ")");
        if (!Texts.compiles(inner)) throw name.unsupported("safe_regex"); // (?:a)|(?:b), of which this is no part
        parts.principal(new TextMatch.Regex(inner));
    }

    private static StringMatcher principal(TextMatch text) {
        return switch (text) {
            case TextMatch.Exact(var value) -> Texts.encode(new TextMatch.Exact(SCHEME + value));
            case TextMatch.Prefix(var prefix) -> Texts.encode(new TextMatch.Prefix(SCHEME + prefix));
            case TextMatch.Suffix suffix -> Texts.encode(suffix);
            case TextMatch.Regex(var expression) -> Texts.ofRegex(SCHEME + "(?:" + expression + ")");
            case TextMatch.Present present -> Texts.encode(present);
        };
    }

    private static StringMatcher namespace(TextMatch text) {
        var segment = switch (text) {
            case TextMatch.Exact(var value) -> Texts.quote(value);
            case TextMatch.Prefix(var prefix) -> Texts.quote(prefix) + SEGMENT;
            case TextMatch.Suffix(var suffix) -> suffix.isEmpty() ? ANY_SEGMENT : SEGMENT + Texts.quote(suffix);
            case TextMatch.Regex(var expression) -> "(?:" + expression + ")";
            case TextMatch.Present() -> FILLED;
        };
        return Texts.ofRegex(NAMESPACE + segment + ACCOUNT);
    }

    private static TextMatch namespace(String segment) {
        if (segment.equals(FILLED)) return new TextMatch.Present();
        if (segment.equals(ANY_SEGMENT)) return new TextMatch.Suffix("");
        if (isBetween(segment, "(?:", ")")) return new TextMatch.Regex(between(segment, "(?:", ")"));
        if (segment.endsWith(SEGMENT)) {
            var prefix = Texts.unquote(segment.substring(0, segment.length() - SEGMENT.length()));
            if (prefix.isPresent()) return new TextMatch.Prefix(prefix.get());
        }
        if (segment.startsWith(SEGMENT)) {
            var suffix = Texts.unquote(segment.substring(SEGMENT.length()));
            if (suffix.isPresent()) return new TextMatch.Suffix(suffix.get());
        }
        var exact = Texts.unquote(segment);
        return exact.isPresent() ? new TextMatch.Exact(exact.get()) : new TextMatch.Regex(segment);
    }

    private static Principal authenticated(StringMatcher name) {
        return Principal.newBuilder()
                .setAuthenticated(Principal.Authenticated.newBuilder().setPrincipalName(name))
                .build();
    }

    static Principal block(String block) {
        CidrRange range = Blocks.encode(block);
        return Principal.newBuilder().setDirectRemoteIp(range).build();
    }

    static <T> void group(List<Principal> ids, List<T> wanted, List<T> unwanted, Function<T, Principal> encode) {
        if (!wanted.isEmpty()) ids.add(any(wanted.stream().map(encode).toList()));
        if (!unwanted.isEmpty()) {
            ids.add(Principal.newBuilder()
                    .setNotId(any(unwanted.stream().map(encode).toList()))
                    .build());
        }
    }

    private static Principal any(List<Principal> ids) {
        return Principal.newBuilder()
                .setOrIds(Principal.Set.newBuilder().addAllIds(ids))
                .build();
    }

    private static boolean isBetween(String text, String start, String end) {
        return text.length() >= start.length() + end.length() && text.startsWith(start) && text.endsWith(end);
    }

    private static String between(String text, String start, String end) {
        return text.substring(start.length(), text.length() - end.length());
    }
}
