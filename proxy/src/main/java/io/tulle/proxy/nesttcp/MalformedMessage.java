package io.tulle.proxy.nesttcp;

/** A frame or a message that cannot be read in exactly one way, and so is refused. Carries no stack: hostile peers make many. */
final class MalformedMessage extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient NestTcpCode code;

    MalformedMessage(NestTcpCode code, String detail) {
        super(code.code() + " " + detail, null, false, false);
        this.code = code;
    }

    NestTcpCode code() {
        return code;
    }
}
