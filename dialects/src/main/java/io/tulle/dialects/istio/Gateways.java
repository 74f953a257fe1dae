package io.tulle.dialects.istio;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Exports;
import io.tulle.model.world.ResourceRef;
import io.tulle.model.world.Routing;
import io.tulle.model.world.Visibility;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** Istio's fields for where a rule holds and who sees it: between services, and at gateways. */
final class Gateways {
    private Gateways() {}

    private static final String MESH = "mesh";

    /**
     * Where a VirtualService holds.
     *
     * @param inMesh whether between services
     * @param edge at which gateways, and for which hosts
     */
    record Where(boolean inMesh, Routing.AtEdge edge) {}

    static Where where(FieldReader spec, Context context) {
        var written = spec.texts("gateways");
        var attached = written.stream()
                .filter(gateway -> !gateway.equals(MESH))
                .map(gateway -> new Routing.Attachment(
                        gateway(gateway, context.resource().namespace()), Optional.empty(), OptionalInt.empty()))
                .toList();
        var hosts = attached.isEmpty() || spec.texts("hosts").contains("*")
                ? List.<String>of()
                : spec.texts("hosts").stream()
                        .map(host -> host.toLowerCase(Locale.ROOT))
                        .toList();
        return new Where(written.isEmpty() || written.contains(MESH), new Routing.AtEdge(attached, hosts));
    }

    private static ResourceRef gateway(String written, String own) {
        var slash = written.indexOf('/');
        var namespace = slash < 0 ? own : written.substring(0, slash);
        return ResourceRef.of("networking.istio.io", "Gateway", namespace, written.substring(slash + 1));
    }

    static void requireMesh(FieldReader fields) {
        for (var gateway : fields.texts("gateways")) {
            if (gateway.equals(MESH)) continue;
            fields.problem(Codes.GATEWAY, "gateways", "of one match names the gateway '" + gateway + "'");
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
