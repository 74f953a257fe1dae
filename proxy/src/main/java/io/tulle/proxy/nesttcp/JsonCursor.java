package io.tulle.proxy.nesttcp;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Walks JSON text (RFC 8259) without building anything, refusing what {@code JSON.parse} would refuse. The text is known
 * to be UTF-8.
 */
final class JsonCursor {
    private static final int MAX_DEPTH = 256;

    private final ByteBuf text;
    private final int end;
    private int at;
    private boolean tooDeep;

    JsonCursor(ByteBuf text) {
        this.text = text;
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
            var c = text.getByte(at);
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
        var raw = text.toString(start + 1, at - start - 2, StandardCharsets.UTF_8);
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
        if (at >= end || text.getByte(at) != '"') throw bad("expected a string");
        at++;
        var plain = true;
        while (at < end) {
            var c = text.getByte(at++);
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
        switch (text.getByte(at++)) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {}
            case 'u' -> {
                for (var i = 0; i < 4; i++) {
                    if (at >= end || Character.digit(text.getByte(at++), 16) < 0) throw bad("a bad \\u escape");
                }
            }
            default -> throw bad("a bad escape");
        }
    }

    private void skipWord(String word) {
        for (var i = 0; i < word.length(); i++) {
            if (at >= end || text.getByte(at++) != word.charAt(i)) throw bad("expected a value");
        }
    }

    private void skipNumber() {
        if (at < end && text.getByte(at) == '-') at++;
        if (at < end && text.getByte(at) == '0') at++;
        else digits();
        if (at < end && text.getByte(at) == '.') {
            at++;
            digits();
        }
        if (at < end && (text.getByte(at) | 0x20) == 'e') {
            at++;
            if (at < end && (text.getByte(at) == '+' || text.getByte(at) == '-')) at++;
            digits();
        }
    }

    private void digits() {
        var start = at;
        while (at < end && text.getByte(at) >= '0' && text.getByte(at) <= '9') at++;
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
        return new MalformedMessage(NestTcpCode.BAD_JSON, what + " at byte " + (at - text.readerIndex()));
    }
}
