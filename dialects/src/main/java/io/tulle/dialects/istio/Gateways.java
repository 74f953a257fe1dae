package io.tulle.dialects.istio;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Exports;
import io.tulle.model.world.Visibility;

/** Istio's fields for where a rule holds and who sees it: the mesh itself is all there is. */
final class Gateways {
    private Gateways() {}

    static void requireMesh(FieldReader fields) {
        for (var gateway : fields.texts("gateways")) {
            if (gateway.equals("mesh")) continue;
            fields.problem(Codes.GATEWAY, "gateways", "names the gateway '" + gateway + "'");
        }
    }

    /** Who sees what a resource says. A rule that nobody sees is refused, as upstream does. */
    static Visibility exportedTo(FieldReader fields, Context context) {
        var resource = context.resource();
        var isDestination = resource.kind().equals("ServiceEntry");
        var exports = Exports.of(fields.texts("exportTo"), resource.namespace(), isDestination);
        exports.wrong()
                .ifPresent(wrong -> fields.problem(
                        Codes.OUT_OF_RANGE,
                        "exportTo",
                        wrong,
                        "write namespaces, each once, \".\" for its own, or \"*\" alone for all"));
        return exports.to();
    }
}
