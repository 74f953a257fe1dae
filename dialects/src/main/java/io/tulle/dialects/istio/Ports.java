package io.tulle.dialects.istio;

import io.tulle.dialects.field.FieldReader;
import java.util.OptionalInt;

/** Ports as Istio has them. */
final class Ports {
    private Ports() {}

    /** A port; 0 is none, as protobuf has it. */
    static OptionalInt orUnset(FieldReader fields, String field) {
        var port = fields.integer(field, 0, 65535);
        return port.orElse(0) == 0 ? OptionalInt.empty() : port;
    }

    /** Whether a text is one. */
    static boolean isPort(String text) {
        return text.matches("[1-9][0-9]{0,4}") && Integer.parseInt(text) <= 65535;
    }
}
