package io.tulle.dialects.istio;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.model.ServiceName;
import io.tulle.model.world.Visibility;
import java.util.TreeSet;

/** Istio's fields for where a rule holds and who sees it: the mesh itself is all there is. */
final class Gateways {
    private Gateways() {}

    static void requireMesh(FieldReader fields) {
        for (var gateway : fields.texts("gateways")) {
            if (gateway.equals("mesh")) continue;
            fields.problem(Codes.GATEWAY, "gateways", "names the gateway '" + gateway + "'");
        }
    }

    /** Who sees what a resource says: {@code .} is its own namespace, {@code *}, the default, every one, {@code ~} none. */
    static Visibility exportedTo(FieldReader fields, Context context) {
        var written = fields.texts("exportTo");
        var namespaces = new TreeSet<String>();
        for (var namespace : written) {
            switch (namespace) {
                case "*", "~" -> {}
                case "." -> namespaces.add(context.resource().namespace());
                default -> {
                    if (!ServiceName.isLabel(namespace)) {
                        fields.problem(
                                Codes.OUT_OF_RANGE,
                                "exportTo",
                                "cannot be '" + namespace + "'",
                                "write namespaces, \".\" for its own, or \"*\" for all");
                    }
                    namespaces.add(namespace);
                }
            }
        }
        if (written.size() > 1 && (written.contains("*") || written.contains("~"))) {
            fields.problem(Codes.ONE_OF, "exportTo", "has '*' or '~' beside others", "write it alone");
        }
        return written.isEmpty() || written.contains("*") ? Visibility.EVERYWHERE : new Visibility(false, namespaces);
    }

    /** {@code exportTo: ["*"]}, the default, is all that there is. */
    static void requireExportedToAll(FieldReader fields) {
        for (var namespace : fields.texts("exportTo")) {
            if (!namespace.equals("*")) fields.notActedOn("exportTo", namespace);
        }
    }
}
