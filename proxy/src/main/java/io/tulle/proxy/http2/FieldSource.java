package io.tulle.proxy.http2;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.tulle.proxy.message.Headers;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;

/** Shows our fields to Netty's HPACK encoder without copying them: pseudo-headers first. Reused for every head. */
final class FieldSource extends DefaultHttp2Headers implements Map.Entry<CharSequence, CharSequence> {
    private Headers pseudo = Headers.empty();
    private Headers fields = Headers.empty();
    private CharSequence name = "";
    private CharSequence value = "";

    FieldSource() {
        super(false, 2);
    }

    FieldSource of(Headers first, Headers rest) {
        pseudo = first;
        fields = rest;
        return this;
    }

    @Override
    public CharSequence getKey() {
        return name;
    }

    @Override
    public CharSequence getValue() {
        return value;
    }

    @Override
    public CharSequence setValue(CharSequence other) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Iterator<Map.Entry<CharSequence, CharSequence>> iterator() {
        return new Walk();
    }

    /** A control character, wherever it came from, becomes a space: it would end a line in HTTP/1 behind the peer. */
    private static CharSequence printable(String text) {
        for (int i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if ((c < 0x20 && c != '\t') || c == 0x7f) return text.replaceAll("[\\x00-\\x08\\x0a-\\x1f\\x7f]", " ");
        }
        return text;
    }

    private final class Walk implements Iterator<Map.Entry<CharSequence, CharSequence>> {
        private int at;

        @Override
        public boolean hasNext() {
            return at < pseudo.count() + fields.count();
        }

        @Override
        public Map.Entry<CharSequence, CharSequence> next() {
            if (!hasNext()) throw new NoSuchElementException();
            var isPseudo = at < pseudo.count();
            var from = isPseudo ? pseudo : fields;
            var index = isPseudo ? at : at - pseudo.count();
            at++;
            name = from.name(index);
            value = printable(from.value(index));
            return FieldSource.this;
        }
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
