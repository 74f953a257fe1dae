package io.tulle.xds.stream;

import io.tulle.xds.XdsCode;

/**
 * What one stream may ask for.
 *
 * @param names how many resources of one type by name
 * @param versions how many resources of one type a client may hold when it begins a stream
 * @param nameLength how long a name may be, in characters
 * @param responseBytes about how large one response grows before the rest waits for its acknowledgement
 */
public record Limits(int names, int versions, int nameLength, int responseBytes) {
    public static final Limits DEFAULT = new Limits(10_000, 50_000, 512, 1 << 20);

    void requireName(String name) {
        if (name.isEmpty() || name.length() > nameLength || name.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw StreamRefused.invalid(
                    XdsCode.BAD_NAME,
                    "a name has 1 to " + nameLength + " characters and no control characters; this one has "
                            + name.length());
        }
    }

    /** Whoever may hear of everything holds more than anybody asks for by name, and must be able to come back. */
    void requireRoomForVersions(int held) {
        if (held > versions) {
            throw StreamRefused.overLimit(
                    XdsCode.TOO_MANY_NAMES, "at most " + versions + " versions of resources of a type on one stream");
        }
    }

    void requireRoom(int subscribed) {
        if (subscribed > names) {
            throw StreamRefused.overLimit(
                    XdsCode.TOO_MANY_NAMES, "at most " + names + " resources of a type by name on one stream");
        }
    }
}
