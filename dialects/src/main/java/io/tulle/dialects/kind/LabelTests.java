package io.tulle.dialects.kind;

import io.tulle.dialects.field.FieldReader;
import io.tulle.model.world.LabelSelector;
import io.tulle.model.world.LabelSelector.Requirement;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;

/** Kubernetes' LabelSelector. */
public final class LabelTests {
    private LabelTests() {}

    public static LabelSelector of(FieldReader selector) {
        var all = new ArrayList<Requirement>();
        selector.textMap("matchLabels").forEach((key, value) -> all.add(new Requirement.In(key, Set.of(value))));
        all.addAll(selector.objects("matchExpressions", LabelTests::requirement));
        return new LabelSelector(all);
    }

    private static Requirement requirement(FieldReader each) {
        var key = each.requiredText("key");
        var values = Set.copyOf(each.texts("values"));
        var operator = each.choice(
                        "operator",
                        Map.of("In", "In", "NotIn", "NotIn", "Exists", "Exists", "DoesNotExist", "DoesNotExist"))
                .orElse("");
        if (operator.isEmpty() && !each.has("operator")) each.missing("operator");
        if (operator.endsWith("In") && values.isEmpty()) each.missing("values");
        return switch (operator) {
            case "NotIn" -> new Requirement.NotIn(key, values);
            case "Exists" -> new Requirement.Exists(key);
            case "DoesNotExist" -> new Requirement.Missing(key);
            default -> new Requirement.In(key, values);
        };
    }
}
