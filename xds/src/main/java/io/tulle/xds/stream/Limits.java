package io.tulle.xds.stream;

import io.tulle.xds.XdsCode;

/**
 * What one stream may ask for.
 *
 * @param names how many resources of one type by name
 * @param nameLength how long a name may be, in characters
 * @param responseBytes about how large one response grows before the rest waits for its acknowledgement
 */
public record Limits(int names, int nameLength, int responseBytes) {
    public static final Limits DEFAULT = new Limits(10_000, 512, 1 << 20);

    void requireName(String name) {
        if (name.isEmpty() || name.length() > nameLength || name.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw StreamRefused.invalid(
                    XdsCode.BAD_NAME,
                    "a name has 1 to " + nameLength + " characters and no control characters; this one has "
                            + name.length());
        }
    }

    void requireRoom(int subscribed) {
        if (subscribed > names) {
            throw StreamRefused.overLimit(
                    XdsCode.TOO_MANY_NAMES, "at most " + names + " resources of a type by name on one stream");
        }
    }
}
