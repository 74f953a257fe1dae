package io.tulle.xds.stream;

import io.tulle.xds.XdsCode;

/** Ends a stream whose client broke a rule or a limit. */
public final class StreamRefused extends RuntimeException {
    private final String code;
    private final boolean overLimit;

    private StreamRefused(XdsCode code, String reason, boolean overLimit) {
        super(code.code() + " " + reason, null, false, false);
        this.code = code.code();
        this.overLimit = overLimit;
    }

    public static StreamRefused invalid(XdsCode code, String reason) {
        return new StreamRefused(code, reason, false);
    }

    public static StreamRefused overLimit(XdsCode code, String reason) {
        return new StreamRefused(code, reason, true);
    }

    public String code() {
        return code;
    }

    /** Whether less of the same would be served. */
    public boolean isOverLimit() {
        return overLimit;
    }

    public String reason() {
        var message = getMessage();
        return message == null ? code : message;
    }
}
