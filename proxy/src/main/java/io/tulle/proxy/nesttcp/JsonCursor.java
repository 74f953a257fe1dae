package io.tulle.proxy.nesttcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/**
 * Walks JSON text (RFC 8259) without building anything, refusing what {@code JSON.parse} would refuse. The text is known
 * to be UTF-8.
 */
final class JsonCursor {
    private static final int MAX_DEPTH = 256;

    private final byte[] bytes; // of its own: a buffer checks its bounds at each byte
    private final int base;
    private final int end;
    private int at;
    private boolean tooDeep;

    JsonCursor(ByteBuf text) {
        this.bytes = ByteBufUtil.getBytes(text, text.readerIndex(), text.readableBytes(), false);
        this.base = text.readerIndex();
        this.at = text.readerIndex();
        this.end = text.writerIndex();
    }

    int at() {
        return at;
    }

    /** Whether reading ended because of depth alone: another reader may well have gone on. */
    boolean isTooDeep() {
        return tooDeep;
    }

    /** The next byte that is no white space, without consuming it; -1 at the end. */
    int peek() {
        while (at < end) {
            var c = bytes[at - base];
            if (c != ' ' && c != '\t' && c != '\n' && c != '\r') return c;
            at++;
        }
        return -1;
    }

    void expect(char c) {
        if (peek() != c) throw bad("expected '" + c + "'");
        at++;
    }

    boolean accept(char c) {
        if (peek() != c) return false;
        at++;
        return true;
    }

    void expectEnd() {
        if (peek() != -1) throw bad("something follows the message");
    }

    /** Consumes a string and gives its value. */
    String string() {
        peek();
        var start = at;
        var plain = skipString();
        var raw = new String(bytes, start + 1 - base, at - start - 2, StandardCharsets.UTF_8);
        return plain ? raw : unescape(raw);
    }

    /** Consumes any value. */
    void skipValue() {
        skipValue(0);
    }

    private void skipValue(int depth) {
        if (depth > MAX_DEPTH) {
            tooDeep = true;
            throw bad("nested deeper than " + MAX_DEPTH);
        }
        switch (peek()) {
            case '{' -> skipObject(depth);
            case '[' -> skipArray(depth);
            case '"' -> skipString();
            case 't' -> skipWord("true");
            case 'f' -> skipWord("false");
            case 'n' -> skipWord("null");
            default -> skipNumber();
        }
    }

    private void skipObject(int depth) {
        at++;
        if (accept('}')) return;
        do {
            if (peek() != '"') throw bad("expected a key");
            skipString();
            expect(':');
            skipValue(depth + 1);
        } while (accept(','));
        expect('}');
    }

    private void skipArray(int depth) {
        at++;
        if (accept(']')) return;
        do {
            skipValue(depth + 1);
        } while (accept(','));
        expect(']');
    }

    /** Consumes a string; true when it holds no escape. */
    private boolean skipString() {
        if (at >= end || bytes[at - base] != '"') throw bad("expected a string");
        at++;
        var plain = true;
        while (at < end) {
            var c = bytes[at++ - base];
            if (c == '"') return plain;
            if (c >= 0 && c < 0x20) throw bad("a control character in a string");
            if (c == '\\') {
                plain = false;
                skipEscape();
            }
        }
        throw bad("a string without an end");
    }

    private void skipEscape() {
        if (at >= end) throw bad("a string without an end");
        switch (bytes[at++ - base]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {}
            case 'u' -> {
                for (var i = 0; i < 4; i++) {
                    if (at >= end || Character.digit(bytes[at++ - base], 16) < 0) throw bad("a bad \\u escape");
                }
            }
            default -> throw bad("a bad escape");
        }
    }

    private void skipWord(String word) {
        for (var i = 0; i < word.length(); i++) {
            if (at >= end || bytes[at++ - base] != word.charAt(i)) throw bad("expected a value");
        }
    }

    private void skipNumber() {
        if (at < end && bytes[at - base] == '-') at++;
        if (at < end && bytes[at - base] == '0') at++;
        else digits();
        if (at < end && bytes[at - base] == '.') {
            at++;
            digits();
        }
        if (at < end && (bytes[at - base] | 0x20) == 'e') {
            at++;
            if (at < end && (bytes[at - base] == '+' || bytes[at - base] == '-')) at++;
            digits();
        }
    }

    private void digits() {
        var start = at;
        while (at < end && bytes[at - base] >= '0' && bytes[at - base] <= '9') at++;
        if (at == start) throw bad("expected a value");
    }

    private static String unescape(String raw) {
        var out = new StringBuilder(raw.length());
        for (var i = 0; i < raw.length(); i++) {
            var c = raw.charAt(i);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            var e = raw.charAt(++i);
            switch (e) {
                case 'b' -> out.append('\b');
                case 'f' -> out.append('\f');
                case 'n' -> out.append('\n');
                case 'r' -> out.append('\r');
                case 't' -> out.append('\t');
                case 'u' -> {
                    out.append((char) Integer.parseInt(raw, i + 1, i + 5, 16));
                    i += 4;
                }
                default -> out.append(e);
            }
        }
        return out.toString();
    }

    private MalformedMessage bad(String what) {
        return new MalformedMessage(NestTcpCode.BAD_JSON, what + " at byte " + (at - base));
    }
}
