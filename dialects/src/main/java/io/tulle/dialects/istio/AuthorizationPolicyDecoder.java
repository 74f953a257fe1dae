package io.tulle.dialects.istio;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Addresses;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Contribution;
import io.tulle.dialects.kind.Decoder;
import io.tulle.dialects.kind.Paths;
import io.tulle.dialects.resource.Resource;
import io.tulle.model.match.PathMatch;
import io.tulle.model.match.TextMatch;
import io.tulle.model.policy.Authorization;
import io.tulle.model.policy.Authorization.Action;
import io.tulle.model.policy.AuthorizationRule;
import io.tulle.model.policy.AuthorizationRule.Operation;
import io.tulle.model.policy.AuthorizationRule.Source;
import io.tulle.model.world.AccessPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * AuthorizationPolicy. Without rules an ALLOW policy allows nothing and a DENY policy denies nothing; a rule without
 * conditions matches everything. Because a slip could open a door, nothing here is guessed.
 */
final class AuthorizationPolicyDecoder implements Decoder {
    private static final List<String> SOURCE =
            List.of("principals", "notPrincipals", "namespaces", "notNamespaces", "ipBlocks", "notIpBlocks");

    private static final List<String> OPERATION =
            List.of("hosts", "notHosts", "ports", "notPorts", "methods", "notMethods", "paths", "notPaths");

    @Override
    public List<Contribution> decode(FieldReader fields, Context context) {
        var policy = fields.object("spec", spec -> policy(spec, context))
                .orElseGet(
                        () -> access(context.resource(), Selectors.guess(context.resource()), Action.ALLOW, List.of()));
        return List.of(new Contribution.OfAccess(policy));
    }

    @Override
    public List<Contribution> heldClosed(Context context) {
        var everything = new AuthorizationRule(List.of(), List.of());
        var selector = Selectors.guess(context.resource());
        return List.of(
                new Contribution.OfAccess(access(context.resource(), selector, Action.DENY, List.of(everything))));
    }

    private static AccessPolicy access(
            Resource resource, io.tulle.model.world.Selector selector, Action action, List<AuthorizationRule> rules) {
        return new AccessPolicy(
                resource.ref(), selector, new Authorization(resource.ref().qualified(), action, rules));
    }

    private static AccessPolicy policy(FieldReader spec, Context context) {
        var selector = Selectors.of(spec);
        var action = spec.choice("action", Map.of("ALLOW", Action.ALLOW, "DENY", Action.DENY))
                .orElse(Action.ALLOW);
        var written = spec.objects("rules", rule -> rule(rule, action, context));
        var rules = written.stream().flatMap(Optional::stream).toList();
        if (action == Action.DENY && written.isEmpty()) {
            spec.problem(Codes.DENY_WITHOUT_RULES, "", "denies nothing, because it has no rules");
        }
        return access(context.resource(), selector, action, rules);
    }

    /** Empty for a rule of an ALLOW policy that has a condition nobody here can judge: it allows nothing. */
    private static Optional<AuthorizationRule> rule(FieldReader rule, Action action, Context context) {
        var from = rule.objects("from", entry -> source(entry, context)).stream()
                .flatMap(Optional::stream)
                .toList();
        var to = rule.objects("to", AuthorizationPolicyDecoder::operation).stream()
                .flatMap(Optional::stream)
                .toList();
        // an empty list would match everybody where somebody was about to be named
        if (rule.has("from") && from.isEmpty())
            rule.problem(
                    Codes.MISSING,
                    "from",
                    "is empty",
                    "name the callers that are meant; a rule without from matches every caller");
        if (rule.has("to") && to.isEmpty())
            rule.problem(
                    Codes.MISSING,
                    "to",
                    "is empty",
                    "name the operations that are meant; a rule without to matches every operation");
        var when = rule.objects("when", condition -> Conditions.of(condition, action, context));
        if (action == Action.ALLOW && when.stream().anyMatch(Optional::isEmpty)) return Optional.empty();
        return Optional.of(new AuthorizationRule(
                from, to, when.stream().flatMap(Optional::stream).toList()));
    }

    private static Optional<Source> source(FieldReader entry, Context context) {
        if (!entry.has("source")) entry.missing("source");
        return entry.object("source", source -> {
            var found = new Source(
                    principals(source, "principals", context),
                    principals(source, "notPrincipals", context),
                    patterns(source, "namespaces"),
                    patterns(source, "notNamespaces"),
                    blocks(source, "ipBlocks"),
                    blocks(source, "notIpBlocks"));
            if (SOURCE.stream().noneMatch(source::has)) {
                source.problem(
                        Codes.MISSING,
                        "",
                        "names nobody",
                        "name the callers that are meant; a rule without from matches every caller");
            }
            return found;
        });
    }

    private static Optional<Operation> operation(FieldReader entry) {
        if (!entry.has("operation")) entry.missing("operation");
        return entry.object("operation", operation -> {
            var found = new Operation(
                    patterns(operation, "hosts"),
                    patterns(operation, "notHosts"),
                    ports(operation, "ports"),
                    ports(operation, "notPorts"),
                    patterns(operation, "methods"),
                    patterns(operation, "notMethods"),
                    paths(operation, "paths"),
                    paths(operation, "notPaths"));
            if (OPERATION.stream().noneMatch(operation::has)) {
                operation.problem(
                        Codes.MISSING,
                        "",
                        "names no operation",
                        "name the operations that are meant; a rule without to matches every operation");
            }
            return found;
        });
    }

    static List<TextMatch> principals(FieldReader source, String field, Context context) {
        var all = new ArrayList<TextMatch>();
        for (var written : checked(source, field)) {
            if (written.startsWith("spiffe://")) {
                source.problem(Codes.BAD_PRINCIPAL, field, "has '" + written + "'", "write " + written.substring(9));
            }
            // Istio: cluster.local stands for the mesh's own trust domain, whatever its name
            var own = written.startsWith("cluster.local/")
                    ? context.settings().trustDomain() + written.substring("cluster.local".length())
                    : written;
            all.add(TextMatch.ofWildcard(own));
        }
        return all;
    }

    static List<TextMatch> patterns(FieldReader fields, String field) {
        return checked(fields, field).stream().map(TextMatch::ofWildcard).toList();
    }

    private static List<PathMatch> paths(FieldReader operation, String field) {
        var all = new ArrayList<PathMatch>();
        for (var written : checked(operation, field)) {
            if (written.contains("{")) operation.notActedOn(field, written);
            var match = switch (TextMatch.ofWildcard(written)) {
                case TextMatch.Exact(var path) -> new PathMatch.Exact(path);
                case TextMatch.Prefix(var prefix) -> new PathMatch.StringPrefix(prefix);
                case TextMatch.Suffix(var suffix) -> new PathMatch.StringSuffix(suffix);
                case TextMatch.Regex(var expression) -> new PathMatch.Regex(expression);
                case TextMatch.Present _ -> new PathMatch.StringPrefix("");
            };
            all.add(Paths.ofGuard(operation, field, match));
        }
        return all;
    }

    /** Texts of a field with a star at one end at most; anything else would match what nobody meant. */
    private static List<String> checked(FieldReader fields, String field) {
        var all = fields.texts(field);
        if (fields.has(field) && all.isEmpty()) {
            fields.problem(
                    Codes.MISSING,
                    field,
                    "is empty",
                    "write at least one value; without the field the rule matches more");
        }
        for (var text : all) {
            var stars = text.chars().filter(c -> c == '*').count();
            var atEnd = text.startsWith("*") || text.endsWith("*");
            if (text.isEmpty() || stars > 1 || (stars == 1 && !atEnd)) {
                fields.problem(Codes.BAD_PRINCIPAL, field, "has '" + text + "'", "write a, a*, *a or *");
            }
        }
        return all;
    }

    static List<Integer> ports(FieldReader operation, String field) {
        var all = new ArrayList<Integer>();
        for (var text : checked(operation, field)) {
            if (Ports.isPort(text)) all.add(Integer.parseInt(text));
            else
                operation.problem(
                        Codes.OUT_OF_RANGE, field, "has '" + text + "', which is not a port", "write \"4000\"");
        }
        return all;
    }

    static List<String> blocks(FieldReader source, String field) {
        var all = checked(source, field);
        for (var block : all) {
            if (!Addresses.isBlock(block)) source.problem(Codes.BAD_ADDRESS, field, "has '" + block + "'");
        }
        return all.stream().filter(Addresses::isBlock).toList();
    }
}
