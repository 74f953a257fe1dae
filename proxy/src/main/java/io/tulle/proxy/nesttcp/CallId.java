package io.tulle.proxy.nesttcp;

/**
 * What tells a call's answers from those of others: a string or a finite number. Nest writes back what it read, not the
 * spelling that it was sent, so calls are kept under what the id means.
 *
 * @param written as the client spelled it, in JSON
 * @param key equal for two spellings of one id, different for "1" and 1
 */
record CallId(String written, String key) {
    private static final int MAX_LENGTH = 256;

    /** @throws MalformedMessage when it is neither, or too long to be kept */
    static CallId of(String written) {
        if (written.length() > MAX_LENGTH) throw refused("it has more than " + MAX_LENGTH + " characters");
        var value = JsValue.parse(written).orElseThrow(() -> refused("it is not JSON"));
        return switch (value) {
            case JsValue.Text(var text) -> new CallId(written, "'" + text);
            case JsValue.Num(var number) when Double.isFinite(number) -> new CallId(written, JsValue.written(number));
            // Nest writes an infinite number as null; what else JSON has nobody uses as an id.
            case JsValue.Num _, JsValue.Word _, JsValue.Obj _ -> throw refused("it is no string and no finite number");
        };
    }

    /** An id that no client uses by chance, for a message that must not carry its own. */
    static CallId drawn(String requestId, long number) {
        return of("\"tulle-" + number + "-" + requestId + "\"");
    }

    private static MalformedMessage refused(String why) {
        return new MalformedMessage(NestTcpCode.BAD_ID, "the id is refused: " + why);
    }
}
