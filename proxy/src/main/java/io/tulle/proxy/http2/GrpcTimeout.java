package io.tulle.proxy.http2;

/** Judges {@code grpc-timeout} (gRPC over HTTP/2: at most 8 digits and a unit); huge ones overflow clocks (CVE-2021-28682). */
final class GrpcTimeout {
    private static final int DIGITS = 8;

    private GrpcTimeout() {}

    /** Whether it is well written and fits a clock of nanoseconds, 292 years. */
    static boolean isSane(String text) {
        var digits = text.length() - 1;
        if (digits < 1 || digits > DIGITS) return false;
        long value = 0;
        for (int i = 0; i < digits; i++) {
            var c = text.charAt(i);
            if (c < '0' || c > '9') return false;
            value = value * 10 + (c - '0');
        }
        var unit = nanos(text.charAt(digits));
        return unit > 0 && value <= Long.MAX_VALUE / unit;
    }

    private static long nanos(char unit) {
        return switch (unit) {
            case 'n' -> 1;
            case 'u' -> 1_000;
            case 'm' -> 1_000_000;
            case 'S' -> 1_000_000_000L;
            case 'M' -> 60_000_000_000L;
            case 'H' -> 3_600_000_000_000L;
            default -> 0;
        };
    }
}
