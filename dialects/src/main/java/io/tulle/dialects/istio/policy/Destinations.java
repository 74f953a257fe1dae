package io.tulle.dialects.istio.policy;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Hosts;
import io.tulle.dialects.kind.Names;
import io.tulle.model.policy.Towards;
import java.util.Optional;
import java.util.OptionalInt;

/** Istio's Destination: a host, a subset of it, and a port. */
public final class Destinations {
    /** In the place of one that was not written; that is reported. */
    public static final Towards.Written NOWHERE = new Towards.Written("", OptionalInt.empty(), Optional.empty());

    private Destinations() {}

    public static Towards.Written of(FieldReader to, Context context) {
        var host = host(to, "host", context);
        var subset = to.text("subset").filter(name -> !name.isEmpty());
        subset.ifPresent(name -> Names.check(to, "subset", name));
        var port = to.object("port", Destinations::port).orElse(OptionalInt.empty());
        return new Towards.Written(host, port, subset);
    }

    private static OptionalInt port(FieldReader port) {
        if (!port.has("number")) port.missing("number");
        return port.integer("number", 1, 65535);
    }

    /** A host that must be there and be a DNS name, resolved. */
    public static String host(FieldReader fields, String field, Context context) {
        var written = fields.requiredText(field);
        if (!written.isEmpty() && !Hosts.isHost(written)) {
            fields.problem(Codes.BAD_HOST, field, "'" + written + "' is not a DNS name");
        }
        return context.host(written);
    }
}
