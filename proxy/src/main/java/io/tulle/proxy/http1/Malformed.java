package io.tulle.proxy.http1;

import io.tulle.proxy.message.Reason;

/** Bytes that have no single reading as HTTP/1.1. Thrown while reading, turned into a refusal by the door. */
final class Malformed extends RuntimeException {
    private final Reason reason;
    private final String detail;

    Malformed(Reason reason, String detail) {
        super(detail, null, false, false); // hostile input must not buy stack traces
        this.reason = reason;
        this.detail = detail;
    }

    Reason reason() {
        return reason;
    }

    String detail() {
        return detail;
    }
}
