package io.tulle.labs.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads one HTTP/1.1 answer from bytes as they come, without leniency (RFC 9112): lines end in CRLF, a length is said once or
 * chunks are well formed.
 *
 * <pre>
 * STATUS → FIELDS → LENGTH ─────────────────────────→ DONE
 *    ↑       │    → CHUNK_SIZE ⇄ CHUNK → TRAILERS ──→ DONE
 *    └─ 1xx ─┘    → UNTIL_CLOSE ── end of stream ───→ DONE
 * </pre>
 */
final class AnswerReader {
    private static final int LONGEST_LINE = 64 * 1024;

    private enum At {
        STATUS,
        FIELDS,
        LENGTH,
        UNTIL_CLOSE,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILERS,
        DONE
    }

    private final boolean bodyless;
    private final boolean keeps;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(128);
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    private final Map<String, String> headers = new HashMap<>();
    private At at = At.STATUS;
    private int status;
    private long missing;
    private boolean keepsOpen;

    /**
     * @param bodyless whether the request was a HEAD
     * @param keeps whether headers and body will be asked for
     */
    AnswerReader(boolean bodyless, boolean keeps) {
        this.bodyless = bodyless;
        this.keeps = keeps;
    }

    /**
     * Takes what it needs and leaves what follows the answer.
     *
     * @return whether the answer is complete
     */
    boolean take(ByteBuffer bytes) throws Malformed {
        while (bytes.hasRemaining() && at != At.DONE) {
            switch (at) {
                case LENGTH, CHUNK -> takeBody(bytes);
                case UNTIL_CLOSE -> {
                    missing = bytes.remaining();
                    takeBody(bytes);
                    at = At.UNTIL_CLOSE;
                }
                case STATUS, FIELDS, CHUNK_SIZE, CHUNK_END, TRAILERS -> takeLine(bytes);
                case DONE -> throw new IllegalStateException();
            }
        }
        return at == At.DONE;
    }

    /** The peer will send no more: whether the answer is complete by that. */
    boolean endOfStream() {
        return at == At.UNTIL_CLOSE;
    }

    int status() {
        return at == At.STATUS || at == At.FIELDS ? 0 : status;
    }

    boolean keepsOpen() {
        return keepsOpen;
    }

    Map<String, String> headers() {
        return keeps ? Map.copyOf(headers) : Map.of();
    }

    String body() {
        return body.toString(UTF_8);
    }

    private void takeBody(ByteBuffer bytes) {
        var length = (int) Math.min(missing, bytes.remaining());
        if (keeps) body.write(bytes.array(), bytes.arrayOffset() + bytes.position(), length);
        bytes.position(bytes.position() + length);
        missing -= length;
        if (missing == 0) at = at == At.LENGTH ? At.DONE : At.CHUNK_END;
    }

    private void takeLine(ByteBuffer bytes) throws Malformed {
        while (bytes.hasRemaining()) {
            var octet = bytes.get();
            if (octet == '\n') {
                var text = line.toString(ISO_8859_1);
                line.reset();
                if (!text.endsWith("\r")) throw new Malformed("a line that does not end in CRLF: " + text);
                lineRead(text.substring(0, text.length() - 1));
                return;
            }
            line.write(octet);
            if (line.size() > LONGEST_LINE) throw new Malformed("a line longer than 64 KiB");
        }
    }

    private void lineRead(String text) throws Malformed {
        if (text.indexOf('\r') >= 0) throw new Malformed("a carriage return inside a line: " + text);
        switch (at) {
            case STATUS -> statusRead(text);
            case FIELDS -> {
                if (text.isEmpty()) headRead();
                else fieldRead(text);
            }
            case CHUNK_SIZE -> chunkRead(text);
            case CHUNK_END -> {
                if (!text.isEmpty()) throw new Malformed("a chunk longer than its size says");
                at = At.CHUNK_SIZE;
            }
            case TRAILERS -> {
                if (text.isEmpty()) at = At.DONE;
                else fieldRead(text);
            }
            case LENGTH, CHUNK, UNTIL_CLOSE, DONE -> throw new IllegalStateException();
        }
    }

    private void statusRead(String text) throws Malformed {
        if (!text.matches("HTTP/1\\.1 [1-5][0-9][0-9]( [^\\x00-\\x08\\x0A-\\x1F\\x7F]*)?")) {
            throw new Malformed("no status line of HTTP/1.1: " + text);
        }
        status = Integer.parseInt(text, 9, 12, 10);
        if (status == 101) throw new Malformed("a switch of protocols that nobody asked for");
        at = At.FIELDS;
    }

    private void fieldRead(String text) throws Malformed {
        var colon = text.indexOf(':');
        if (colon <= 0 || text.substring(0, colon).chars().anyMatch(c -> c <= ' ' || c >= 127)) {
            throw new Malformed("no header: " + text);
        }
        headers.merge(
                Ascii.lower(text.substring(0, colon)), text.substring(colon + 1).strip(), (a, b) -> a + ", " + b);
    }

    private void headRead() throws Malformed {
        if (status < 200) { // interim (RFC 9110 §15.2): the answer is still to come
            headers.clear();
            at = At.STATUS;
            return;
        }
        keepsOpen = !Ascii.lower(headers.getOrDefault("connection", "")).contains("close");
        var chunked = headers.get("transfer-encoding");
        var length = headers.get("content-length");
        if (chunked != null && length != null) throw new Malformed("both transfer-encoding and content-length");
        if (chunked != null && !chunked.equalsIgnoreCase("chunked"))
            throw new Malformed("transfer-encoding " + chunked);
        if (length != null && !length.matches("[0-9]{1,18}")) throw new Malformed("content-length " + length);
        if (bodyless || status == 204 || status == 304) at = At.DONE;
        else if (chunked != null) at = At.CHUNK_SIZE;
        else if (length != null) expect(Long.parseLong(length));
        else untilClose();
    }

    private void expect(long length) {
        missing = length;
        at = length == 0 ? At.DONE : At.LENGTH;
    }

    private void untilClose() {
        keepsOpen = false;
        at = At.UNTIL_CLOSE;
    }

    private void chunkRead(String text) throws Malformed {
        var size = text.indexOf(';') < 0
                ? text
                : text.substring(0, text.indexOf(';')).stripTrailing();
        if (!size.matches("[0-9a-fA-F]{1,15}")) throw new Malformed("no chunk size: " + text);
        missing = Long.parseLong(size, 16);
        at = missing == 0 ? At.TRAILERS : At.CHUNK;
    }
}
