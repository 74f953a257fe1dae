package io.tulle.dialects;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.dialects.reader.Reader;
import io.tulle.model.match.TextMatch;
import io.tulle.model.policy.Authorization;
import io.tulle.model.policy.AuthorizationRule;
import io.tulle.model.policy.Condition;
import io.tulle.model.world.MeshSettings;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code when} of an AuthorizationPolicy: what is judged reaches the model, and what is not closes its rule. */
class ConditionsTest {
    private static final String UNKNOWN = "{key: \"request.auth.claims[iss]\", %s: [a]}";

    @Test
    void whatIsJudgedIsAskedAfterTheCallerFirst() {
        var policy = policy(
                "DENY",
                "when: [{key: destination.port, values: [\"80\"]}, {key: \"request.headers[X]\"," + " values: [a]}]");
        assertEquals(
                List.of(
                        new Condition.Header("x", List.of(new TextMatch.Exact("a")), List.of()),
                        new Condition.Port(List.of(80), List.of())),
                policy.rules().getFirst().when());
    }

    @ParameterizedTest
    @ValueSource(strings = {"values", "notValues"})
    void anAllowRuleThatCannotBeJudgedAllowsNothingAndLeavesTheOthers(String field) {
        var policy =
                policy("ALLOW", "when: [" + UNKNOWN.formatted(field) + "]\n  - to: [{operation: {ports: [\"80\"]}}]");
        assertEquals(1, policy.rules().size());
        assertEquals(List.of(), policy.rules().getFirst().when());
        assertEquals(80, policy.rules().getFirst().to().getFirst().ports().getFirst());
        assertEquals(
                List.of(),
                policy("ALLOW", "when: [" + UNKNOWN.formatted(field) + "]").rules());
    }

    @ParameterizedTest
    @ValueSource(strings = {"values", "notValues"})
    void aDenyRuleThatCannotBeJudgedDeniesWhateverMeetsItsOtherConditions(String field) {
        var alone = policy("DENY", "when: [" + UNKNOWN.formatted(field) + "]");
        assertEquals(List.of(new AuthorizationRule(List.of(), List.of())), alone.rules());
        var beside =
                policy("DENY", "when: [" + UNKNOWN.formatted(field) + ", {key: source.namespace, values: [shop]}]");
        assertEquals(
                List.of(new Condition.Identity(
                        Condition.Part.NAMESPACE, List.of(new TextMatch.Exact("shop")), List.of())),
                beside.rules().getFirst().when());
    }

    private static Authorization policy(String action, String rule) {
        var text = "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: a}\nspec:\n  action: "
                + action + "\n  rules:\n  - " + rule + "\n";
        var read = ResourceReader.read(new Reader().yaml("f", text), "shop");
        var world = WorldReader.read(1, MeshSettings.DEFAULT, read.resources());
        assertEquals(true, world.isClean(), () -> world.problems().toString());
        return world.world().accessPolicies().getFirst().authorization();
    }
}
