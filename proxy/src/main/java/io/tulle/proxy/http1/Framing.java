package io.tulle.proxy.http1;

import io.tulle.proxy.message.Headers;
import io.tulle.proxy.message.Reason;

/** How the end of a body is known (RFC 9112 section 6.3). Whatever could be read in two ways is refused. */
sealed interface Framing {
    /** No body. */
    record Nothing() implements Framing {}

    record Length(long bytes) implements Framing {}

    record Chunked() implements Framing {}

    /** Responses only: the connection's end is the body's. */
    record UntilClose() implements Framing {}

    /** Bytes without end: after a 101. */
    record Tunnel() implements Framing {}

    Framing NOTHING = new Nothing();
    Framing CHUNKED = new Chunked();
    Framing UNTIL_CLOSE = new UntilClose();
    Framing TUNNEL = new Tunnel();

    static Framing ofRequest(Headers fields, boolean http10) {
        if (fields.has("transfer-encoding")) return chunked(fields, http10);
        return length(fields, NOTHING);
    }

    static Framing ofResponse(Headers fields, boolean http10) {
        if (fields.has("transfer-encoding")) return chunked(fields, http10);
        return length(fields, UNTIL_CLOSE);
    }

    private static Framing chunked(Headers fields, boolean http10) {
        if (fields.has("content-length")) throw new Malformed(Reason.TWO_LENGTHS, "content-length beside chunked");
        if (http10) throw new Malformed(Reason.TRANSFER_ENCODING, "transfer-encoding in HTTP/1.0");
        var coding = fields.joined("transfer-encoding").orElse("");
        if (!coding.equalsIgnoreCase("chunked")) throw new Malformed(Reason.TRANSFER_ENCODING, "not one `chunked`");
        return CHUNKED;
    }

    private static Framing length(Headers fields, Framing absent) {
        var count = fields.countOf("content-length");
        if (count == 0) return absent;
        if (count > 1) throw new Malformed(Reason.LENGTH, "repeated");
        var bytes = decimal(fields.first("content-length").orElse(""));
        return bytes == 0 ? NOTHING : new Length(bytes);
    }

    private static long decimal(String text) {
        if (text.isEmpty() || text.length() > 18) throw new Malformed(Reason.LENGTH, "not a length");
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            if (!Octets.isDigit(text.charAt(i))) throw new Malformed(Reason.LENGTH, "not a length");
            value = value * 10 + (text.charAt(i) - '0');
        }
        return value;
    }
}
