package io.tulle.proxy.message;

/** What a response says before its body; framing and hop-by-hop fields are gone, as in {@link RequestHead}. */
public record ResponseHead(int status, Headers headers) {
    public ResponseHead {
        if (status < 100 || status > 599) throw new IllegalArgumentException("no such status: " + status);
    }

    /**
     * Whether the message ends with its head, whatever its fields say of a length (RFC 9112 section 6.3): the one law for
     * every wire, for what an endpoint sends and for what a caller is sent.
     *
     * @param toHead whether it answers a HEAD
     */
    public boolean endsTheMessage(boolean toHead) {
        return toHead || status == 204 || status == 304 || isInformational();
    }

    /** 1xx but 101: something that comes before the answer (RFC 9110 section 15.2). */
    public boolean isInformational() {
        return status < 200 && status != 101;
    }
}
