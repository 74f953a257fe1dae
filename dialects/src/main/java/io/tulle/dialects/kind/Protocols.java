package io.tulle.dialects.kind;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.model.Protocol;

/** What a port speaks, by Istio's rule: the protocol field, else the first word of the port's name, else undeclared. */
public final class Protocols {
    private Protocols() {}

    /** @param field the field that says it outright, {@code appProtocol} or {@code protocol} */
    public static Protocol of(FieldReader port, String field, String name) {
        var written = port.text(field);
        if (written.isPresent()) {
            var known = Protocol.parse(written.get());
            if (known.isEmpty())
                port.problem(Codes.UNKNOWN_PROTOCOL, field, "'" + written.get() + "' is no known protocol");
            return known.orElse(Protocol.UNDECLARED);
        }
        // nest-tcp has a dash of its own
        if (name.equals("nest-tcp") || name.startsWith("nest-tcp-")) return Protocol.NEST_TCP;
        var dash = name.indexOf('-');
        return Protocol.parse(dash < 0 ? name : name.substring(0, dash)).orElse(Protocol.UNDECLARED);
    }
}
