package io.tulle.dialects.istio;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.field.Suggestion;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.HttpWords;
import io.tulle.model.policy.Authorization.Action;
import io.tulle.model.policy.Condition;
import java.util.List;
import java.util.Optional;

/**
 * {@code when} of an AuthorizationPolicy. A key that this version cannot judge is told, and closes its rule: an ALLOW
 * never matches by it, and a DENY matches without it.
 */
final class Conditions {
    /** What is judged, as messages name it. */
    static final List<String> KEYS = List.of(
            "connection.sni",
            "destination.ip",
            "destination.port",
            "request.headers[NAME]",
            "source.ip",
            "source.namespace",
            "source.principal");

    private static final String HEADER = "request.headers";

    private Conditions() {}

    static Optional<Condition> of(FieldReader condition, Action action, Context context) {
        var key = condition.requiredText("key");
        requireValues(condition, key);
        return switch (key) {
            case "source.ip" -> Optional.of(addresses(condition, Condition.End.SOURCE));
            case "destination.ip" -> Optional.of(addresses(condition, Condition.End.DESTINATION));
            case "destination.port" ->
                Optional.of(new Condition.Port(
                        AuthorizationPolicyDecoder.ports(condition, "values"),
                        AuthorizationPolicyDecoder.ports(condition, "notValues")));
            case "source.principal" ->
                Optional.of(new Condition.Identity(
                        Condition.Part.PRINCIPAL,
                        AuthorizationPolicyDecoder.principals(condition, "values", context),
                        AuthorizationPolicyDecoder.principals(condition, "notValues", context)));
            case "source.namespace" ->
                Optional.of(new Condition.Identity(
                        Condition.Part.NAMESPACE,
                        AuthorizationPolicyDecoder.patterns(condition, "values"),
                        AuthorizationPolicyDecoder.patterns(condition, "notValues")));
            case "connection.sni" ->
                Optional.of(new Condition.ServerName(
                        AuthorizationPolicyDecoder.patterns(condition, "values"),
                        AuthorizationPolicyDecoder.patterns(condition, "notValues")));
            case String other when other.startsWith(HEADER) -> header(condition, other, action);
            case String other -> unknown(condition, other, action);
        };
    }

    private static void requireValues(FieldReader condition, String key) {
        if (condition.has("values") || condition.has("notValues")) return;
        condition.problem(
                Codes.MISSING,
                "",
                "asks nothing of '" + HttpWords.shown(key) + "'",
                "set values or notValues; without this condition the rule would match more than you meant");
    }

    private static Condition addresses(FieldReader condition, Condition.End end) {
        return new Condition.Address(
                end,
                AuthorizationPolicyDecoder.blocks(condition, "values"),
                AuthorizationPolicyDecoder.blocks(condition, "notValues"));
    }

    private static Optional<Condition> header(FieldReader condition, String key, Action action) {
        var inBrackets = key.startsWith(HEADER + "[") && key.endsWith("]");
        var name = inBrackets ? key.substring(HEADER.length() + 1, key.length() - 1) : "";
        if (name.startsWith(":")) return unknown(condition, key, action);
        if (!HttpWords.isToken(name)) {
            condition.problem(
                    Codes.BAD_HEADER,
                    "key",
                    "cannot be '" + HttpWords.shown(key) + "'",
                    "write request.headers[NAME] with the name of a header");
        }
        return Optional.of(new Condition.Header(
                name,
                AuthorizationPolicyDecoder.patterns(condition, "values"),
                AuthorizationPolicyDecoder.patterns(condition, "notValues")));
    }

    private static Optional<Condition> unknown(FieldReader condition, String key, Action action) {
        List.of("values", "notValues").forEach(condition::texts);
        if (key.isEmpty()) return Optional.empty(); // reported as missing
        var closed = action == Action.DENY
                ? "this policy denies whatever meets the other conditions of the rule"
                : "this rule allows nothing";
        var meant = Suggestion.of(key, KEYS)
                .map(word -> "did you mean " + word + "? ")
                .orElse("");
        condition.warning(
                Codes.CONDITION_UNKNOWN,
                "key",
                "is '" + HttpWords.shown(key) + "', which this version cannot judge, so " + closed,
                meant + "Tulle judges " + String.join(", ", KEYS));
        return Optional.empty();
    }
}
