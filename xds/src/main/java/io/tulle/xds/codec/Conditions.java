package io.tulle.xds.codec;

import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.tulle.model.match.TextMatch;
import io.tulle.model.policy.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * {@code when} in RBAC: each principal, and each permission, is written together with all conditions of the rule,
 * {@code and(source, and(condition), and(condition))}. Inside a source or an operation there is never an {@code and}, so
 * that the form tells what is a condition.
 */
final class Conditions {
    private Conditions() {}

    static Principal onCaller(Principal source, List<Condition> when) {
        var conditions = when.stream().filter(Condition::isAboutCaller).toList();
        if (conditions.isEmpty()) return source;
        var all = Principal.Set.newBuilder().addIds(source);
        for (var condition : conditions) {
            var ids = new ArrayList<Principal>();
            switch (condition) {
                case Condition.Header(var name, var values, var notValues) ->
                    Principals.group(ids, values, notValues, value -> header(name, value));
                case Condition.Identity(var part, var values, var notValues) ->
                    Principals.group(
                            ids,
                            values,
                            notValues,
                            part == Condition.Part.PRINCIPAL ? Principals::ofPrincipal : Principals::ofNamespace);
                case Condition.Address(var _, var blocks, var notBlocks) ->
                    Principals.group(ids, blocks, notBlocks, Principals::block);
                case Condition.Port _, Condition.ServerName _ ->
                    throw new IllegalStateException("not about the caller");
            }
            all.addIds(
                    Principal.newBuilder().setAndIds(Principal.Set.newBuilder().addAllIds(ids)));
        }
        return Principal.newBuilder().setAndIds(all).build();
    }

    static Permission onTarget(Permission operation, List<Condition> when, int port) {
        var conditions =
                when.stream().filter(condition -> !condition.isAboutCaller()).toList();
        if (conditions.isEmpty()) return operation;
        var all = Permission.Set.newBuilder().addRules(operation);
        for (var condition : conditions) {
            var rules = new ArrayList<Permission>();
            switch (condition) {
                case Condition.Address(var _, var blocks, var notBlocks) ->
                    Permissions.group(rules, blocks, notBlocks, Conditions::destination);
                case Condition.Port(var ports, var notPorts) ->
                    Permissions.group(rules, ports, notPorts, asked -> Permissions.port(asked, port));
                case Condition.ServerName(var values, var notValues) ->
                    Permissions.group(rules, values, notValues, Conditions::serverName);
                case Condition.Header _, Condition.Identity _ -> throw new IllegalStateException("about the caller");
            }
            all.addRules(Permission.newBuilder()
                    .setAndRules(Permission.Set.newBuilder().addAllRules(rules)));
        }
        return Permission.newBuilder().setAndRules(all).build();
    }

    private static Principal header(String name, TextMatch value) {
        var matcher = HeaderMatcher.newBuilder().setName(name);
        if (value instanceof TextMatch.Present) matcher.setPresentMatch(true);
        else matcher.setStringMatch(Texts.encode(value));
        return Principal.newBuilder().setHeader(matcher).build();
    }

    private static Permission destination(String block) {
        return Permission.newBuilder().setDestinationIp(Blocks.encode(block)).build();
    }

    private static Permission serverName(TextMatch value) {
        return Permission.newBuilder()
                .setRequestedServerName(Texts.encode(value))
                .build();
    }

    /** The principals, or the permissions, of a policy as they are without its conditions, and those. */
    record Split(List<Node> bare, List<Condition> conditions) {
        static Split of(List<Node> alternatives, String and, String children, Function<Node, Condition> read) {
            var bare = new ArrayList<Node>();
            var conditions = List.<Condition>of();
            for (int i = 0; i < alternatives.size(); i++) {
                var each = alternatives.get(i);
                var parts = each.which(alternativesOf(and)).equals(and)
                        ? each.need(and).children(children)
                        : List.<Node>of();
                var isConditioned = parts.size() > 1
                        && parts.stream()
                                .skip(1)
                                .allMatch(
                                        part -> part.which(alternativesOf(and)).equals(and));
                bare.add(isConditioned ? parts.getFirst() : each);
                var own = isConditioned ? parts.stream().skip(1).map(read).toList() : List.<Condition>of();
                if (i > 0 && !own.equals(conditions)) throw each.unsupported(and);
                conditions = own;
            }
            return new Split(bare, conditions);
        }

        private static String alternativesOf(String and) {
            return and.equals("and_ids") ? "identifier" : "rule";
        }
    }
}
