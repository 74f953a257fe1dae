package io.tulle.proxy.nesttcp;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A pattern in the one form in which it is matched, guarded, counted and forwarded. Nest's server accepts many spellings
 * of one handler (a string that holds JSON, other key orders, escapes, {@code 5.0}); each of them gets the same canonical
 * pattern here, and what could mean two handlers is refused.
 *
 * @param route what Nest looks its handler up by ({@code transformPatternToRoute})
 * @param json the pattern as it is forwarded: a JSON string, or an object with sorted keys
 * @param path the pattern as policies and routes see it: {@code /sum}, {@code /cmd=sum;role=x}, else percent-encoded JSON
 */
record CanonicalPattern(String route, String json, String path) {
    /** Nest 12 collapses what is deeper or wider into one sentinel for all. */
    static final int MAX_DEPTH = 5;

    private static final int MAX_KEYS = 20;
    private static final int MAX_LENGTH = 8 * 1024;
    private static final String UNRESERVED = "-._~";

    /**
     * @param written the pattern's JSON, as it stood in the message
     * @throws MalformedMessage when it names no handler, or could name two
     */
    static CanonicalPattern of(String written) {
        if (written.length() > MAX_LENGTH) throw ambiguous("it has more than " + MAX_LENGTH + " characters");
        var sent = JsValue.parse(written).orElseThrow(() -> ambiguous("it holds half a surrogate pair"));
        // ServerTCP: a string is taken as it is, anything else stringified; then parsed again where it can be.
        var meant = sent instanceof JsValue.Text(var text) ? JsValue.parse(text).orElse(sent) : sent;
        return switch (meant) {
            case JsValue.Obj object -> ofObject(object);
            case JsValue.Text(var text) -> ofRoute(text);
            case JsValue.Num(var number) -> ofRoute(written(number));
            case JsValue.Word(var word) -> throw ambiguous("'" + word + "' names no handler");
        };
    }

    /** A route that came from a string. It may be an object's route too, and must lead Nest back to itself when sent. */
    private static CanonicalPattern ofRoute(String route) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(route)) throw ambiguous("it holds half a surrogate pair");
        var again = JsValue.parse(route);
        if (again.isPresent()) {
            // Nest takes this one as it stands, and would parse it if it were sent: only what comes out the same may
            // pass.
            // Of an object that cannot be known, since Nest sorts its keys by the server's locale.
            var same = again.get() instanceof JsValue.Num(var number)
                    && written(number).equals(route);
            if (!same) throw ambiguous("it is JSON inside JSON");
        }
        return new CanonicalPattern(route, Frames.quoted(route), "/" + encoded(route));
    }

    private static CanonicalPattern ofObject(JsValue.Obj object) {
        var json = route(object, 0);
        var flat = !object.fields().isEmpty()
                && object.fields().values().stream().noneMatch(JsValue.Obj.class::isInstance);
        return new CanonicalPattern(json, json, "/" + (flat ? flatPath(object) : encoded(json)));
    }

    /** Nest's route of an object, which is also its JSON, since nothing that would need an escape is let in. */
    private static String route(JsValue value, int depth) {
        return switch (value) {
            case JsValue.Text(var text) -> "\"" + safe(text) + "\"";
            case JsValue.Num(var number) -> written(number);
            case JsValue.Word(var word) -> word;
            case JsValue.Obj(var fields) -> {
                if (depth > MAX_DEPTH) throw ambiguous("it is nested deeper than " + MAX_DEPTH);
                if (fields.size() > MAX_KEYS) throw ambiguous("it has more than " + MAX_KEYS + " keys");
                if (!Lookalikes.areApart(fields.keySet())) throw ambiguous("two of its keys look the same");
                yield fields.entrySet().stream()
                        .map(e -> "\"" + safe(e.getKey()) + "\":" + route(e.getValue(), depth + 1))
                        .collect(Collectors.joining(",", "{", "}"));
            }
        };
    }

    /** Before Nest 12 routes were built without escapes, so that a quote in a value could forge another route. */
    private static String safe(String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) throw ambiguous("it holds half a surrogate pair");
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c == '"' || c == '\\' || c < 0x20)
                throw ambiguous("a key or a value in it holds a quote, a backslash or a control character");
        }
        return text;
    }

    private static String flatPath(JsValue.Obj object) {
        return object.fields().entrySet().stream()
                .map(e -> encoded(e.getKey()) + "=" + flatValue(e.getValue()))
                .collect(Collectors.joining(";"));
    }

    private static String flatValue(JsValue value) {
        return switch (value) {
            case JsValue.Text(var text) -> encoded(text);
            case JsValue.Num(var number) -> ":" + written(number); // marked: a ':' of a text is encoded
            case JsValue.Word(var word) -> ":" + word;
            case JsValue.Obj _ -> throw new IllegalStateException("not flat");
        };
    }

    /** JSON has no infinite number: Nest would make {@code null} of one that was sent bare, and a word of one in a string. */
    private static String written(double number) {
        if (!Double.isFinite(number)) throw ambiguous("a number in it is too large");
        return JsValue.written(number);
    }

    private static String encoded(String text) {
        var out = new StringBuilder(text.length());
        var onlyDots = text.equals(".") || text.equals("..");
        for (var b : text.getBytes(StandardCharsets.UTF_8)) {
            var c = (char) (b & 0xff);
            var plain = c < 0x80 && (Character.isLetterOrDigit(c) || (UNRESERVED.indexOf(c) >= 0 && !onlyDots));
            if (plain) out.append(c);
            else out.append(String.format(Locale.ROOT, "%%%02X", (int) c));
        }
        return out.toString();
    }

    private static MalformedMessage ambiguous(String why) {
        return new MalformedMessage(NestTcpCode.BAD_PATTERN, "the pattern is refused: " + why);
    }
}
