package io.tulle.model.policy;

/** A share in millionths, so that Istio's and Envoy's decimals keep their exact value: 0.1 % is 1,000. */
public record Percentage(int millionths) {
    public static final Percentage ALL = new Percentage(1_000_000);

    public Percentage {
        if (millionths < 0 || millionths > 1_000_000) {
            throw new IllegalArgumentException("a percentage lies between 0 and 100");
        }
    }

    /** From a number of percent, 0 to 100. */
    public static Percentage of(double percent) {
        if (!(percent >= 0 && percent <= 100)) {
            throw new IllegalArgumentException("a percentage lies between 0 and 100, not " + percent);
        }
        return new Percentage((int) Math.round(percent * 10_000));
    }

    /** Whether a draw from 0 (inclusive) to 1,000,000 (exclusive) falls inside this share. */
    public boolean covers(int draw) {
        return draw < millionths;
    }
}
