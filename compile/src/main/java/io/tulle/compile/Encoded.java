package io.tulle.compile;

import io.tulle.xds.codec.Codec;
import io.tulle.xds.codec.Decoded;
import io.tulle.xds.codec.Resource;
import io.tulle.xds.spec.Spec;

/** A spec, and what it is on the wire: written down once, whoever hears it. */
record Encoded(Spec spec, Resource resource) {
    static Encoded of(Spec spec) {
        return new Encoded(spec, Codec.encode(spec));
    }

    /** @throws IllegalArgumentException with the reason why a client of ours could not read it */
    static Encoded proven(Spec spec) {
        var encoded = of(spec);
        if (Codec.decode(encoded.resource()) instanceof Decoded.Rejected(var name, var code, var reason)) {
            throw new IllegalArgumentException(name + " " + reason + " (" + code + ")");
        }
        return encoded;
    }
}
