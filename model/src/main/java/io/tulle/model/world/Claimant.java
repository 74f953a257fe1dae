package io.tulle.model.world;

/**
 * Which process speaks for an instance. An instance's name is claimed by one run at a time: the same run may come back over
 * a new connection, another one has to say that it takes the name over on purpose.
 *
 * @param run drawn by each run anew; empty for a sidecar that does not tell, which is then one run with all such
 * @param replaces whether it takes the name from a run that is alive
 */
public record Claimant(String run, boolean replaces) {
    public static final Claimant UNTOLD = new Claimant("", false);

    /** A run that has the name, and only comes back. */
    public Claimant again() {
        return new Claimant(run, false);
    }
}
