package io.tulle.dialects.gatewayapi;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.model.ServiceName;
import io.tulle.model.policy.HeaderPolicy;
import io.tulle.model.world.RouteRule.Backend;
import java.util.List;
import java.util.Optional;

/** {@code backendRefs}: services of the route's own namespace, with weights and header filters of their own. */
final class Backends {
    private Backends() {}

    static List<Backend> of(FieldReader rule, Context context) {
        rule.atMost(16, "backendRefs");
        return rule.objects("backendRefs", ref -> backend(ref, context));
    }

    private static Backend backend(FieldReader ref, Context context) {
        var group = ref.text("group").orElse("");
        var kind = ref.text("kind").orElse("Service");
        if (!group.isEmpty() || !kind.equals("Service"))
            ref.notActedOn("kind", group.isEmpty() ? kind : group + " " + kind);
        var own = context.resource().namespace();
        var namespace = ref.text("namespace").orElse(own);
        if (!namespace.equals(own)) {
            ref.problem(Codes.OTHER_NAMESPACE, "namespace", "is '" + namespace + "', another one than the route's");
        }
        var service = Routes.service(ref, namespace, ref.requiredText("name"));
        var port = ref.integer("port", 1, 65535);
        if (!ref.has("port")) ref.missing("port");
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
                service.map(ServiceName::host).orElse(""),
                port,
                Optional.empty(),
                ref.integer("weight", 0, 1_000_000).orElse(1),
                edits.request(),
                edits.response());
    }
}
