package io.tulle.proxy.route;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * The token of a session, in Envoy's form: Base64 of {@code envoy.Cookie}, a message whose field 1 is the endpoint's place and whose
 * field 2 the second at which it ends; in a header, of the place alone. Anybody can write one: it counts only where it names an endpoint
 * that the request may go to anyhow.
 */
final class SessionToken {
    private static final int PLACE = 1 << 3 | 2;
    private static final int END = 2 << 3;
    private static final int LONGEST = 256;

    private SessionToken() {}

    static String of(String place, Optional<Instant> end) {
        var bytes = new ByteArrayOutputStream();
        var text = place.getBytes(StandardCharsets.US_ASCII);
        bytes.write(PLACE);
        bytes.write(text.length); // an address and a port are shorter than 128
        bytes.writeBytes(text);
        end.ifPresent(at -> {
            bytes.write(END);
            long left = at.getEpochSecond();
            for (; left > 0x7f; left >>>= 7) bytes.write((int) (left & 0x7f) | 0x80);
            bytes.write((int) left);
        });
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    /** The place, unless the token's time is over; one without an end is not one of a session that has an end. */
    static Optional<String> read(String token, Instant now, boolean ends) {
        return bytes(token).flatMap(bytes -> new Fields(bytes).read()).flatMap(fields -> {
            var isOver = ends && fields.end <= now.getEpochSecond();
            return isOver || fields.place.isEmpty() ? Optional.empty() : Optional.of(fields.place);
        });
    }

    static String plainOf(String place) {
        return Base64.getEncoder().encodeToString(place.getBytes(StandardCharsets.US_ASCII));
    }

    static Optional<String> plain(String token) {
        return bytes(token).map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1));
    }

    private static Optional<byte[]> bytes(String token) {
        if (token.length() > LONGEST) return Optional.empty();
        try {
            return Optional.of(Base64.getDecoder().decode(token));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** The two fields of the message; anything else in it, and anything cut short, makes it nobody's token. */
    private static final class Fields {
        private final byte[] bytes;
        private int at;
        private String place = "";
        private long end;

        Fields(byte[] bytes) {
            this.bytes = bytes;
        }

        Optional<Fields> read() {
            while (at < bytes.length) {
                int tag = bytes[at++];
                if (tag == PLACE && at < bytes.length && bytes[at] >= 0 && at + 1 + bytes[at] <= bytes.length) {
                    int length = bytes[at++];
                    place = new String(bytes, at, length, StandardCharsets.ISO_8859_1);
                    at += length;
                } else if (tag != END || !readEnd()) {
                    return Optional.empty();
                }
            }
            return Optional.of(this);
        }

        private boolean readEnd() {
            end = 0;
            for (int shift = 0; at < bytes.length && shift < 63; shift += 7) {
                int octet = bytes[at++];
                end |= (long) (octet & 0x7f) << shift;
                if (octet >= 0) return true;
            }
            return false;
        }
    }
}
