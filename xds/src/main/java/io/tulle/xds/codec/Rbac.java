package io.tulle.xds.codec;

import io.envoyproxy.envoy.config.rbac.v3.Policy;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import io.tulle.model.policy.Authorization;
import io.tulle.model.policy.Authorization.Action;
import io.tulle.model.policy.AuthorizationRule;
import io.tulle.model.policy.AuthorizationRule.Operation;
import io.tulle.model.policy.Condition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Authorizations as at most two RBACs, all DENY before all ALLOW, as Istio judges. A policy's key says which rule of
 * which authorization it is: {@code shop/cart#0@2}, the rule's and the authorization's position; {@code #none} is an
 * authorization without rules, which for ALLOW means that nothing passes by it.
 */
final class Rbac {
    private static final String NO_RULE = "none";

    private Rbac() {}

    /** Rules as they stood in a filter: in force, or Envoy's shadow rules, which are judged and only counted. */
    record Rules(Node node, boolean shadow) {}

    /** @param shadow whether those of dry runs are wanted, or those that are in force */
    static List<RBAC> encode(List<Authorization> authorizations, int port, boolean shadow) {
        var both = new ArrayList<RBAC>();
        for (var action : new Action[] {Action.DENY, Action.ALLOW}) {
            var rbac = RBAC.newBuilder().setAction(action == Action.DENY ? RBAC.Action.DENY : RBAC.Action.ALLOW);
            for (var at = 0; at < authorizations.size(); at++) {
                var authorization = authorizations.get(at);
                if (authorization.action() == action && authorization.dryRun() == shadow)
                    put(rbac, authorization, at, port);
            }
            if (rbac.getPoliciesCount() > 0) both.add(rbac.build());
        }
        return both;
    }

    /**
     * What a connection alone can be asked. Istio's rule for conditions that need a request: an ALLOW that has one allows
     * nothing there; from a DENY they are left out, so that it denies more.
     */
    static List<Authorization> ofConnections(List<Authorization> authorizations) {
        return authorizations.stream()
                .map(each -> new Authorization(
                        each.name(),
                        each.action(),
                        each.rules().stream()
                                .flatMap(rule -> ofConnections(rule, each.action()).stream())
                                .toList(),
                        each.dryRun()))
                .toList();
    }

    static List<Authorization> decode(List<Rules> filters) {
        var found = new TreeMap<Integer, Found>();
        for (var filter : filters) {
            var rbac = filter.node();
            var action = switch (rbac.choice("action")) {
                case "ALLOW" -> Action.ALLOW;
                case "DENY" -> Action.DENY;
                default -> throw rbac.unsupported("action");
            };
            var policies = rbac.children("policies").stream()
                    .sorted(Comparator.comparing(entry -> entry.text("key")))
                    .toList();
            if (policies.isEmpty() && action == Action.ALLOW) { // Envoy: it allows nothing, so everything is denied
                var position = found.isEmpty() ? 0 : found.lastKey() + 1;
                found.put(position, new Found(NO_RULE, action, filter.shadow(), new TreeMap<>()));
            }
            for (var entry : policies) {
                var key = Key.parse(entry.text("key"), found.size());
                var rules = found.computeIfAbsent(
                        key.position(), _ -> new Found(key.name(), action, filter.shadow(), new TreeMap<>()));
                if (!rules.name().equals(key.name()) || rules.action() != action || rules.shadow() != filter.shadow()) {
                    throw entry.invalid("key", "has the position of another policy: " + entry.text("key"));
                }
                decode(entry.need("value")).ifPresent(rule -> rules.rules().put(key.rule(), rule));
            }
        }
        return found.values().stream()
                .map(each -> new Authorization(
                        each.name(), each.action(), List.copyOf(each.rules().values()), each.shadow()))
                .toList();
    }

    private static void put(RBAC.Builder rbac, Authorization authorization, int at, int port) {
        var rules = authorization.rules();
        if (rules.isEmpty()) {
            rbac.putPolicies(
                    authorization.name() + "#" + NO_RULE + "@" + at,
                    Policy.newBuilder()
                            .addPermissions(Permissions.NEVER)
                            .addPrincipals(Principals.ANY)
                            .build());
        }
        for (var i = 0; i < rules.size(); i++) {
            rbac.putPolicies(authorization.name() + "#" + i + "@" + at, policy(rules.get(i), port));
        }
    }

    private static Policy policy(AuthorizationRule rule, int port) {
        var policy = Policy.newBuilder();
        var from = rule.from().stream().map(Principals::encode).toList();
        var to = rule.to().stream()
                .map(operation -> Permissions.encode(operation, port))
                .toList();
        for (var one : from.isEmpty() ? List.of(Principals.ANY) : from) {
            policy.addPrincipals(Conditions.onCaller(one, rule.when()));
        }
        for (var one : to.isEmpty() ? List.of(Permissions.ANY) : to) {
            policy.addPermissions(Conditions.onTarget(one, rule.when(), port));
        }
        return policy.build();
    }

    /** Empty for a policy that never holds. */
    private static Optional<AuthorizationRule> decode(Node policy) {
        if (policy.children("permissions").isEmpty()) throw policy.invalid("permissions", "is empty");
        if (policy.children("principals").isEmpty()) throw policy.invalid("principals", "is empty");
        var asked = Conditions.Split.of(policy.children("permissions"), "and_rules", "rules", ConditionParts::ofTarget);
        var asking = Conditions.Split.of(policy.children("principals"), "and_ids", "ids", ConditionParts::ofCaller);
        var permissions = asked.bare();
        var principals = asking.bare();
        var never = permissions.size() == 1 && Permissions.isNever(permissions.getFirst());
        var anyone = principals.stream().anyMatch(Principals::isAny);
        var anything = permissions.stream().anyMatch(Permissions::isAny);
        var from = anyone
                ? List.<AuthorizationRule.Source>of()
                : principals.stream().map(Principals::decode).toList();
        if (never) return Optional.empty();
        var to = anything
                ? List.<Operation>of()
                : permissions.stream().map(Permissions::decode).toList();
        var when = new ArrayList<>(asking.conditions());
        when.addAll(asked.conditions());
        return Optional.of(new AuthorizationRule(from, to, when));
    }

    private static Optional<AuthorizationRule> ofConnections(AuthorizationRule rule, Action action) {
        var kept = rule.to().stream()
                .filter(operation -> action == Action.DENY || !operation.needsRequest())
                .map(operation -> new Operation(
                        List.of(),
                        List.of(),
                        operation.ports(),
                        operation.notPorts(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of()))
                .toList();
        var unknown = rule.when().stream().anyMatch(Condition::needsRequest);
        if ((kept.isEmpty() && !rule.to().isEmpty()) || (unknown && action == Action.ALLOW)) return Optional.empty();
        var when = rule.when().stream()
                .filter(condition -> !condition.needsRequest())
                .toList();
        return Optional.of(new AuthorizationRule(rule.from(), kept, when));
    }

    private record Found(String name, Action action, boolean shadow, SortedMap<Integer, AuthorizationRule> rules) {}

    /** A policy's key; one of another server's is a whole authorization of its own. */
    private record Key(String name, int rule, int position) {
        static Key parse(String key, int next) {
            var hash = key.lastIndexOf('#');
            var at = key.lastIndexOf('@');
            if (hash < 0 || at < hash) return new Key(key, 0, next);
            var rule = key.substring(hash + 1, at);
            var position = key.substring(at + 1);
            if (!isNumber(position) || !(rule.equals(NO_RULE) || isNumber(rule))) return new Key(key, 0, next);
            var number = rule.equals(NO_RULE) ? 0 : Integer.parseInt(rule);
            return new Key(key.substring(0, hash), number, Integer.parseInt(position));
        }

        private static boolean isNumber(String text) {
            return !text.isEmpty() && text.length() < 7 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        }
    }
}
