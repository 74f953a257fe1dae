package io.tulle.proxy.trace;

/**
 * Whether and how often requests are traced. A caller that says whether it is sampled is followed; the ratio decides for
 * requests with which a trace begins, and for callers that leave it open.
 *
 * @param on when false, trace headers pass through untouched and nothing is recorded
 * @param ratio of 0 to 1
 */
public record TraceSettings(boolean on, double ratio) {
    /** No traces: for a sidecar with nowhere to send spans. */
    public static final TraceSettings OFF = new TraceSettings(false, 0);

    /** Istio's default: 1 %. */
    public static final TraceSettings DEFAULT = new TraceSettings(true, 0.01);

    /** Every request. */
    public static final TraceSettings ALWAYS = new TraceSettings(true, 1);

    public TraceSettings {
        if (!(ratio >= 0 && ratio <= 1)) throw new IllegalArgumentException("a ratio is between 0 and 1, not " + ratio);
    }
}
