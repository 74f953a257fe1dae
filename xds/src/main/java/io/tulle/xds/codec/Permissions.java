package io.tulle.xds.codec;

import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.type.matcher.v3.PathMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.tulle.model.match.PathMatch;
import io.tulle.model.match.TextMatch;
import io.tulle.model.policy.AuthorizationRule.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What is asked for, as RBAC permissions. A port is that of the chain, which is known when the chain is written; the
 * socket's own port would be the mesh port. So each port is written together with its verdict, and read without it.
 */
final class Permissions {
    static final Permission ANY = Permission.newBuilder().setAny(true).build();
    static final Permission NEVER = Permission.newBuilder().setNotRule(ANY).build();
    private static final String SEGMENTS = "(?:/.*)?";
    private static final String ALL_BELOW = "(?:.*)?";

    private Permissions() {}

    static Permission encode(Operation operation, int port) {
        var rules = new ArrayList<Permission>();
        group(rules, operation.hosts(), operation.notHosts(), host -> header(":authority", host, true));
        group(rules, operation.ports(), operation.notPorts(), asked -> port(asked, port));
        group(rules, operation.methods(), operation.notMethods(), method -> header(":method", method, false));
        group(rules, operation.paths(), operation.notPaths(), Permissions::path);
        if (rules.isEmpty()) rules.add(ANY);
        return all(rules);
    }

    static boolean isAny(Node permission) {
        return permission.which("rule").equals("any") && permission.flag("any");
    }

    static boolean isNever(Node permission) {
        return permission.which("rule").equals("not_rule") && isAny(permission.need("not_rule"));
    }

    static Operation decode(Node permission) {
        var parts = new OperationParts();
        if (permission.which("rule").equals("and_rules")) {
            for (var rule : permission.need("and_rules").children("rules")) part(rule, parts);
        } else {
            part(permission, parts);
        }
        return parts.operation();
    }

    private static void part(Node rule, OperationParts parts) {
        if (isAny(rule)) return;
        var negated = rule.which("rule").equals("not_rule");
        var inner = negated ? rule.need("not_rule") : rule;
        var alternatives =
                inner.which("rule").equals("or_rules") ? inner.need("or_rules").children("rules") : List.of(inner);
        if (alternatives.isEmpty()) throw rule.invalid("or_rules", "is empty");
        parts.begin(negated, rule);
        for (var leaf : alternatives) leaf(leaf, parts);
    }

    private static void leaf(Node leaf, OperationParts parts) {
        switch (leaf.which("rule")) {
            case "destination_port" -> parts.port(leaf.number("destination_port"));
            case "or_rules", "and_rules" -> parts.port(portWithVerdict(leaf));
            case "url_path" ->
                parts.path(path(Texts.decode(leaf.need("url_path").need("path"))));
            case "header" -> {
                var header = leaf.need("header");
                var value = header.need("string_match");
                value.ignore("ignore_case"); // hosts ignore case always
                switch (header.name("name")) {
                    case ":authority" -> parts.host(Texts.decode(value));
                    case ":method" -> parts.method(Texts.decode(value));
                    default -> throw header.unsupported("name");
                }
            }
            case "" -> throw leaf.invalid("rule", "is missing");
            case String other -> throw leaf.unsupported(other);
        }
    }

    static Permission port(int asked, int own) {
        var port = Permission.newBuilder().setDestinationPort(asked).build();
        return asked == own ? any(List.of(port, ANY)) : all(List.of(port, NEVER));
    }

    static int portWithVerdict(Node pair) {
        var kind = pair.which("rule");
        var rules = pair.need(kind).children("rules");
        var known = rules.size() == 2
                && rules.getFirst().which("rule").equals("destination_port")
                && (kind.equals("or_rules") ? isAny(rules.getLast()) : isNever(rules.getLast()));
        if (!known) throw pair.unsupported(kind);
        return rules.getFirst().number("destination_port");
    }

    private static Permission header(String name, TextMatch value, boolean ignoreCase) {
        var match = StringMatcher.newBuilder(Texts.encode(value));
        if (ignoreCase && !match.hasSafeRegex()) match.setIgnoreCase(true);
        return Permission.newBuilder()
                .setHeader(HeaderMatcher.newBuilder().setName(name).setStringMatch(match))
                .build();
    }

    private static Permission path(PathMatch path) {
        var match = switch (path) {
            case PathMatch.Exact(var exact) -> Texts.encode(new TextMatch.Exact(exact));
            case PathMatch.StringPrefix(var prefix) -> Texts.encode(new TextMatch.Prefix(prefix));
            case PathMatch.StringSuffix(var suffix) -> Texts.encode(new TextMatch.Suffix(suffix));
            case PathMatch.Regex(var expression) -> Texts.ofRegex(expression);
            case PathMatch.Prefix(var prefix) ->
                Texts.ofRegex(Texts.quote(prefix) + (prefix.endsWith("/") ? ALL_BELOW : SEGMENTS));
        };
        return Permission.newBuilder()
                .setUrlPath(PathMatcher.newBuilder().setPath(match))
                .build();
    }

    private static PathMatch path(TextMatch text) {
        return switch (text) {
            case TextMatch.Exact(var exact) -> new PathMatch.Exact(exact);
            case TextMatch.Prefix(var prefix) -> new PathMatch.StringPrefix(prefix);
            case TextMatch.Suffix(var suffix) -> new PathMatch.StringSuffix(suffix);
            case TextMatch.Present() -> new PathMatch.Regex(".+");
            case TextMatch.Regex(var expression) -> {
                var ending = expression.endsWith(SEGMENTS) ? SEGMENTS : ALL_BELOW;
                var start = expression.endsWith(ending)
                        ? Texts.unquote(expression.substring(0, expression.length() - ending.length()))
                        : java.util.Optional.<String>empty();
                yield start.isPresent() ? new PathMatch.Prefix(start.get()) : new PathMatch.Regex(expression);
            }
        };
    }

    static <T> void group(List<Permission> rules, List<T> wanted, List<T> unwanted, Function<T, Permission> encode) {
        if (!wanted.isEmpty()) rules.add(any(wanted.stream().map(encode).toList()));
        if (unwanted.isEmpty()) return;
        rules.add(Permission.newBuilder()
                .setNotRule(any(unwanted.stream().map(encode).toList()))
                .build());
    }

    private static Permission any(List<Permission> rules) {
        return Permission.newBuilder()
                .setOrRules(Permission.Set.newBuilder().addAllRules(rules))
                .build();
    }

    private static Permission all(List<Permission> rules) {
        return Permission.newBuilder()
                .setAndRules(Permission.Set.newBuilder().addAllRules(rules))
                .build();
    }
}
