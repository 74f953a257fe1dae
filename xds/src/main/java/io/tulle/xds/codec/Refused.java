package io.tulle.xds.codec;

import io.tulle.xds.XdsCode;

/** Ends the decoding of one resource; never leaves this package. */
final class Refused extends RuntimeException {
    private final String code;

    Refused(XdsCode code, String reason) {
        super(reason, null, false, false);
        this.code = code.code();
    }

    String code() {
        return code;
    }

    String reason() {
        var message = getMessage();
        return message == null ? "" : message;
    }
}
