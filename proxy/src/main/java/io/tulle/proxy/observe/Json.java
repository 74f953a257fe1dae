package io.tulle.proxy.observe;

/** Writes compact JSON (RFC 8259), commas where they belong. */
final class Json {
    private final StringBuilder out = new StringBuilder(512);
    private boolean follows;

    Json open(char bracket) {
        comma();
        out.append(bracket);
        follows = false;
        return this;
    }

    Json close(char bracket) {
        out.append(bracket);
        follows = true;
        return this;
    }

    Json key(String name) {
        comma();
        quoted(name);
        out.append(':');
        follows = false;
        return this;
    }

    Json text(String value) {
        comma();
        quoted(value);
        follows = true;
        return this;
    }

    Json number(long value) {
        comma();
        out.append(value);
        follows = true;
        return this;
    }

    Json nothing() {
        comma();
        out.append("null");
        follows = true;
        return this;
    }

    private void comma() {
        if (follows) out.append(',');
    }

    private void quoted(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c == '"' || c == '\\') out.append('\\').append(c);
            else if (c < 0x20 || (c >= 0x7f && c < 0xa0)) out.append(String.format("\\u%04x", (int) c));
            else out.append(c);
        }
        out.append('"');
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
