package io.tulle.control.dashboard;

import io.tulle.control.traffic.Rate;

/**
 * From one party to another by one protocol, over all instances of both.
 *
 * @param total requests since the sidecars started
 * @param open opaque connections that are open now
 */
record Edge(Key key, Security security, Rate tenSeconds, Rate minute, long total, long open) {
    record Key(Party from, Party to, String protocol) {}

    enum Security {
        /** Mutual TLS: both ends proved who they are. */
        MUTUAL("mutual"),
        /** The mesh adds nothing. */
        PLAINTEXT("plaintext"),
        /** Some of both. */
        MIXED("mixed"),
        /** Nobody who could know has told. */
        UNKNOWN("unknown");

        private final String written;

        Security(String written) {
            this.written = written;
        }

        String written() {
            return written;
        }
    }
}
