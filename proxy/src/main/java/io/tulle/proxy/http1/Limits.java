package io.tulle.proxy.http1;

/**
 * How much of one message is read before it is refused.
 *
 * @param headBytes start line and fields together, line ends included; over it: 431
 * @param fields how many header fields; over it: 431
 * @param chunkLineBytes one chunk's size with its extensions
 */
public record Limits(int headBytes, int fields, int chunkLineBytes) {
    /** Envoy's max_request_headers_kb is 60 and its max_headers_count 100; a chunk extension has no honest use. */
    public static final Limits DEFAULT = new Limits(64 * 1024, 100, 256);

    /** How long a method may be: the longest that is registered, UPDATEREDIRECTREF, has 17 characters. */
    public static final int METHOD = 32;

    /** How many fields, and how many bytes of them, sidecars themselves add to what they pass on to one another. */
    public static final int ADDED_FIELDS = 16;

    public static final int ADDED_BYTES = 4 * 1024;

    /** For what another sidecar has let pass already: its own additions do not count. */
    public Limits behindSidecar() {
        return new Limits(headBytes + ADDED_BYTES, fields + ADDED_FIELDS, chunkLineBytes);
    }
}
