package io.tulle.dialects.gatewayapi;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Contribution;
import io.tulle.dialects.kind.Decoder;
import io.tulle.model.world.Grant;
import java.util.List;
import java.util.Optional;

/** ReferenceGrant: what other namespaces may refer to in the namespace that it is in. */
final class ReferenceGrantDecoder implements Decoder {
    @Override
    public List<Contribution> decode(FieldReader fields, Context context) {
        if (!fields.has("spec")) fields.missing("spec");
        return fields.object("spec", spec -> grant(spec, context))
                .<List<Contribution>>map(grant -> List.of(new Contribution.OfGrant(grant)))
                .orElse(List.of());
    }

    private static Grant grant(FieldReader spec, Context context) {
        var from = spec.objects(
                "from", each -> new Grant.From(group(each), each.requiredText("kind"), each.requiredText("namespace")));
        var to = spec.objects(
                "to",
                each -> new Grant.To(
                        group(each),
                        each.requiredText("kind"),
                        each.text("name").filter(name -> !name.isEmpty()).or(Optional::empty)));
        if (from.isEmpty()) spec.missing("from");
        if (to.isEmpty()) spec.missing("to");
        return new Grant(context.resource().ref(), from, to);
    }

    /** Empty for Kubernetes' core kinds, but written all the same. */
    private static String group(FieldReader each) {
        if (!each.has("group"))
            each.problem(Codes.MISSING, "group", "is not written", "write group: \"\" for Service and Secret");
        return each.text("group").orElse("");
    }
}
