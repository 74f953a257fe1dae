package io.tulle.dialects.gatewayapi;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.gatewayapi.policy.BackendRefs;
import io.tulle.dialects.kind.Context;
import io.tulle.model.policy.HeaderEdits;
import io.tulle.model.policy.HeaderPolicy;
import io.tulle.model.world.RouteRule.Backend;
import java.util.List;

/** {@code backendRefs}: services of the route's own namespace, with weights and header filters of their own. */
final class Backends {
    private Backends() {}

    static List<Backend> of(FieldReader rule, Context context) {
        rule.atMost(16, "backendRefs");
        return rule.objects("backendRefs", ref -> backend(ref, context));
    }

    /** Those of whole connections, which nothing is done to on their way. */
    static List<Backend> ofConnections(FieldReader rule, Context context) {
        rule.atMost(16, "backendRefs");
        return rule.objects("backendRefs", ref -> {
            var to = BackendRefs.of(ref, context);
            var weight = ref.integer("weight", 0, 1_000_000).orElse(1);
            return new Backend(to.host(), to.port(), to.subset(), weight, HeaderEdits.NONE, HeaderEdits.NONE);
        });
    }

    private static Backend backend(FieldReader ref, Context context) {
        var to = BackendRefs.of(ref, context);
        var filters = Filters.of(ref, List.of(), context);
        if (!filters.onlyEditHeaders()) {
            ref.problem(
                    Codes.NOT_ACTED_ON,
                    "filters",
                    "of a backend may change headers only",
                    "move the filter to the rule");
        }
        var edits = filters.policies().of(HeaderPolicy.class).orElse(HeaderPolicy.NONE);
        return new Backend(
                to.host(),
                to.port(),
                to.subset(),
                ref.integer("weight", 0, 1_000_000).orElse(1),
                edits.request(),
                edits.response());
    }
}
