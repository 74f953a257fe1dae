package io.tulle.dialects.istio;

import io.tulle.dialects.Codes;
import io.tulle.dialects.field.FieldReader;

/** Istio's fields for where a rule holds and who sees it: the mesh itself is all there is. */
final class Gateways {
    private Gateways() {}

    static void requireMesh(FieldReader fields) {
        for (var gateway : fields.texts("gateways")) {
            if (gateway.equals("mesh")) continue;
            fields.problem(Codes.GATEWAY, "gateways", "names the gateway '" + gateway + "'");
        }
    }

    /** {@code exportTo: ["*"]}, the default, is all that there is. */
    static void requireExportedToAll(FieldReader fields) {
        for (var namespace : fields.texts("exportTo")) {
            if (!namespace.equals("*")) fields.notActedOn("exportTo", namespace);
        }
    }
}
