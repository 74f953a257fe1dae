package io.tulle.dialects.gatewayapi;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Contribution;
import io.tulle.dialects.kind.Decoder;
import java.util.List;

/** GatewayClass. Nobody but Tulle serves the gateways of a mesh of its own, so each class means Tulle, whatever its controller. */
final class GatewayClassDecoder implements Decoder {
    @Override
    public List<Contribution> decode(FieldReader fields, Context context) {
        if (!fields.has("spec")) fields.missing("spec");
        fields.object("spec", spec -> {
            var controller = spec.requiredText("controllerName");
            if (!controller.isEmpty() && !controller.contains("/"))
                spec.problem(
                        Codes.OUT_OF_RANGE,
                        "controllerName",
                        "cannot be '" + controller + "'",
                        "write a domain and a path, such as tulle/gateway");
            spec.text("description");
            if (spec.value("parametersRef").isPresent())
                spec.warning(
                        Codes.NOT_ACTED_ON,
                        "parametersRef",
                        "is kept, but no parameters of a class change how a gateway runs here",
                        "tell `tulle gateway` by its options");
            return spec;
        });
        return List.of();
    }
}
