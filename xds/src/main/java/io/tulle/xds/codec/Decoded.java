package io.tulle.xds.codec;

import io.tulle.xds.spec.Spec;

/** What became of one resource. */
public sealed interface Decoded {
    record Accepted(Spec spec) implements Decoded {}

    /**
     * Refused, and why.
     *
     * @param name the resource's
     * @param code TUL14xx
     */
    record Rejected(String name, String code, String reason) implements Decoded {}
}
