package io.tulle.dialects.gatewayapi.policy;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.model.ServiceName;
import io.tulle.model.policy.Towards;
import java.util.Optional;

/** A BackendObjectReference: a service of the route's own namespace, and a port of it. */
public final class BackendRefs {
    private BackendRefs() {}

    public static Towards.Written of(FieldReader ref, Context context) {
        var group = ref.text("group").orElse("");
        var kind = ref.text("kind").orElse("Service");
        if (!group.isEmpty() || !kind.equals("Service"))
            ref.notActedOn("kind", group.isEmpty() ? kind : group + " " + kind);
        var own = context.resource().namespace();
        var namespace = ref.text("namespace").orElse(own);
        if (!namespace.equals(own)) {
            ref.problem(Codes.OTHER_NAMESPACE, "namespace", "is '" + namespace + "', another one than the route's");
        }
        var service = service(ref, namespace, ref.requiredText("name"));
        var port = ref.integer("port", 1, 65535);
        if (!ref.has("port")) ref.missing("port");
        return new Towards.Written(service.map(ServiceName::host).orElse(""), port, Optional.empty());
    }

    /** A service by its name and namespace; reported when it cannot be one. */
    public static Optional<ServiceName> service(FieldReader ref, String namespace, String name) {
        if (ServiceName.isLabel(name) && ServiceName.isLabel(namespace)) {
            return Optional.of(new ServiceName(namespace, name));
        }
        if (!name.isEmpty()) ref.problem(Codes.BAD_HOST, "name", "'" + name + "' cannot name a service");
        return Optional.empty();
    }
}
