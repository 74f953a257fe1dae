package io.tulle.proxy.http2;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.tulle.proxy.http1.Octets;
import io.tulle.proxy.message.Headers;
import io.tulle.proxy.message.Reason;
import java.util.Optional;

/**
 * One decoded header section, judged field by field as HPACK delivers it (RFC 9113 sections 8.2 and 8.3). The first
 * fault is kept rather than thrown: the decoder must go on to its end, or its table would no longer be the peer's.
 */
final class FieldBlock extends DefaultHttp2Headers {
    /** A head that has no single reading, and why. */
    record Fault(Reason reason, String detail) {}

    private final int mostFields;
    private final Headers fields = Headers.empty();
    private final Headers pseudo = Headers.empty();
    private StringBuilder cookies = new StringBuilder(0);
    private Optional<Fault> fault = Optional.empty();

    FieldBlock(int mostFields) {
        super(false, 2); // its own table stays empty
        this.mostFields = mostFields;
    }

    @Override
    public Http2Headers add(CharSequence name, CharSequence value) {
        if (fault.isEmpty()) take(name.toString(), value.toString()); // an AsciiString of a table keeps its String
        return this;
    }

    private void take(String name, String value) {
        if (!isValue(value)) bad(Reason.CONTROL_BYTE, "in a header's value, or a space around it");
        else if (name.isEmpty()) bad(Reason.HEADER, "no name");
        else if (name.charAt(0) == ':') takePseudo(name, value);
        else if (!isName(name)) bad(Reason.HEADER, "a byte that no name has, or an upper-case letter");
        else if (isOfConnection(name, value)) bad(Reason.HEADER, "a field of HTTP/1 connections");
        else if (name.equals("cookie")) cookie(value);
        else if (fields.count() == mostFields) bad(Reason.HEAD_TOO_LARGE, "over " + mostFields + " fields");
        else fields.add(name, value);
    }

    private void takePseudo(String name, String value) {
        if (!fields.isEmpty() || !cookies.isEmpty()) bad(Reason.HEADER, "a pseudo-header behind a header");
        else if (pseudo.has(name)) bad(Reason.HEADER, "a repeated pseudo-header");
        else if (pseudo.count() == 4) bad(Reason.HEADER, "an unknown pseudo-header");
        else pseudo.add(name, value);
    }

    /** RFC 9113 section 8.2.2. */
    private static boolean isOfConnection(String name, String value) {
        return switch (name) {
            case "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "http2-settings" ->
                true;
            case "te" -> !value.equals("trailers");
            default -> false;
        };
    }

    /** RFC 9113 section 8.2.3: crumbs become one field before they leave HTTP/2. */
    private void cookie(String crumb) {
        if (!cookies.isEmpty()) cookies.append("; ");
        else if (cookies.capacity() == 0) cookies = new StringBuilder(crumb.length());
        cookies.append(crumb);
    }

    private static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            var c = name.charAt(i);
            if (c >= 128 || (c >= 'A' && c <= 'Z') || !Octets.isToken((byte) c)) return false;
        }
        return true;
    }

    private static boolean isValue(String value) {
        var length = value.length();
        if (length == 0) return true;
        if (Octets.isSpace((byte) value.charAt(0)) || Octets.isSpace((byte) value.charAt(length - 1))) return false;
        for (int i = 0; i < length; i++) {
            if (!Octets.isFieldValue((byte) value.charAt(i))) return false;
        }
        return true;
    }

    void bad(Reason reason, String detail) {
        if (fault.isEmpty()) fault = Optional.of(new Fault(reason, detail));
    }

    Optional<Fault> fault() {
        return fault;
    }

    /** The pseudo-headers, in order. */
    Headers pseudo() {
        return pseudo;
    }

    /** All others. To be asked once, when the section is whole. */
    Headers fields() {
        if (!cookies.isEmpty()) fields.add("cookie", cookies.toString());
        cookies = new StringBuilder(0);
        return fields;
    }
}
