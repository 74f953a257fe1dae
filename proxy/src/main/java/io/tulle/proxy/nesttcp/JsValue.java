package io.tulle.proxy.nesttcp;

import io.netty.buffer.Unpooled;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.TreeMap;

/** A small JSON value as JavaScript sees it; only patterns are ever read into one. Object keys are kept sorted. */
sealed interface JsValue {
    record Text(String value) implements JsValue {}

    record Num(double value) implements JsValue {}

    /** true, false or null. */
    record Word(String value) implements JsValue {}

    /** An object; an array is read as one, keyed by index, because Nest's route of both is the same. */
    record Obj(TreeMap<String, JsValue> fields) implements JsValue {}

    /** Reads text as {@code JSON.parse} does; empty where that throws. */
    static Optional<JsValue> parse(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        if (!new String(bytes, StandardCharsets.UTF_8).equals(text)) return Optional.empty(); // a lone surrogate
        var cursor = new JsonCursor(Unpooled.wrappedBuffer(bytes));
        try {
            cursor.skipValue();
            cursor.expectEnd();
        } catch (MalformedMessage e) {
            if (cursor.isTooDeep())
                throw new MalformedMessage(NestTcpCode.BAD_PATTERN, "the pattern is nested too deep");
            return Optional.empty();
        }
        return Optional.of(new Reader(text).value(0));
    }

    /** A number as {@code String(number)} writes it (ECMA-262, Number::toString). */
    static String written(double number) {
        if (number == 0) return "0";
        if (Double.isInfinite(number)) return number > 0 ? "Infinity" : "-Infinity";
        var sign = number < 0 ? "-" : "";
        var shortest = shortest(Math.abs(number));
        var digits = shortest.unscaledValue().toString();
        var k = digits.length();
        var n = k - shortest.scale();
        if (k <= n && n <= 21) return sign + digits + "0".repeat(n - k);
        if (0 < n && n <= 21) return sign + digits.substring(0, n) + "." + digits.substring(n);
        if (-6 < n && n <= 0) return sign + "0." + "0".repeat(-n) + digits;
        var mantissa = k == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return sign + mantissa + "e" + (n - 1 < 0 ? "-" : "+") + Math.abs(n - 1);
    }

    /** Java writes two digits where JavaScript finds one enough: 4.9E-324 is 5e-324 there. */
    private static BigDecimal shortest(double positive) {
        var java = new BigDecimal(Double.toString(positive)).stripTrailingZeros();
        var one = java.round(new MathContext(1));
        return one.doubleValue() == positive ? one.stripTrailingZeros() : java;
    }

    /** Reads text that is known to be JSON. */
    final class Reader {
        private final JsonCursor cursor;
        private final byte[] bytes;

        Reader(String text) {
            this.bytes = text.getBytes(StandardCharsets.UTF_8);
            this.cursor = new JsonCursor(Unpooled.wrappedBuffer(bytes));
        }

        JsValue value(int depth) {
            if (depth > CanonicalPattern.MAX_DEPTH + 1) {
                throw new MalformedMessage(NestTcpCode.BAD_PATTERN, "the pattern is nested too deep");
            }
            return switch (cursor.peek()) {
                case '{' -> object(depth);
                case '[' -> array(depth);
                case '"' -> new Text(cursor.string());
                default -> scalar();
            };
        }

        private Obj object(int depth) {
            cursor.expect('{');
            var fields = new TreeMap<String, JsValue>();
            if (cursor.accept('}')) return new Obj(fields);
            do {
                var key = cursor.string();
                cursor.expect(':');
                if (fields.put(key, value(depth + 1)) != null) {
                    throw new MalformedMessage(NestTcpCode.BAD_PATTERN, "the pattern has a key twice");
                }
            } while (cursor.accept(','));
            cursor.expect('}');
            return new Obj(fields);
        }

        private Obj array(int depth) {
            cursor.expect('[');
            var fields = new TreeMap<String, JsValue>();
            if (cursor.accept(']')) return new Obj(fields);
            do {
                fields.put(Integer.toString(fields.size()), value(depth + 1));
            } while (cursor.accept(','));
            cursor.expect(']');
            return new Obj(fields);
        }

        private JsValue scalar() {
            cursor.peek();
            var start = cursor.at();
            cursor.skipValue();
            var written = new String(bytes, start, cursor.at() - start, StandardCharsets.UTF_8);
            return Character.isLetter(written.charAt(0)) ? new Word(written) : new Num(Double.parseDouble(written));
        }
    }
}
