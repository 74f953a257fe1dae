package io.tulle.proxy.trace;

import java.util.HexFormat;

/**
 * The place of one exchange's span in its trace.
 *
 * @param parent the caller's span; 0 where the trace begins here
 * @param flags the trace flags that go on: sampled (1), random id (2)
 */
public record SpanContext(long traceHigh, long traceLow, long span, long parent, int flags) {
    private static final HexFormat HEX = HexFormat.of();

    public boolean isSampled() {
        return (flags & 1) != 0;
    }

    public String traceId() {
        return HEX.toHexDigits(traceHigh) + HEX.toHexDigits(traceLow);
    }

    public String spanId() {
        return HEX.toHexDigits(span);
    }

    /** The parent's id, empty for none. */
    public String parentId() {
        return parent == 0 ? "" : HEX.toHexDigits(parent);
    }
}
