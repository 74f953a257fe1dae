package io.tulle.labs.stage;

/** A lab saw something else than it claims. */
public final class Unmet extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Unmet(String message) {
        super(message);
    }

    /** Claims something. */
    public static void unless(boolean claim, String otherwise) {
        if (!claim) throw new Unmet(otherwise);
    }

    /**
     * A share that chance decides: within four standard deviations of what is expected (one run in 16,000 falls outside).
     *
     * @param share from 0 to 1
     */
    public static void unlessShare(String what, long hits, long of, double share) {
        var expected = of * share;
        var slack = 4 * Math.sqrt(of * share * (1 - share));
        unless(
                Math.abs(hits - expected) <= slack,
                "%s: %d of %d, where %.0f ± %.0f were expected".formatted(what, hits, of, expected, slack));
    }
}
