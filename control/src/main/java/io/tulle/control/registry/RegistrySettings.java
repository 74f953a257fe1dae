package io.tulle.control.registry;

import java.time.Duration;

/**
 * @param trustDomain of every instance
 * @param ttl how long a silent instance keeps its lease
 * @param mostInstances more are refused
 * @param host the machine of the control plane; empty where it is not known
 */
public record RegistrySettings(String trustDomain, Duration ttl, int mostInstances, String host) {
    /** Of services that have no instance any more, so many are remembered, and so long. */
    static final int MOST_DEPARTED = 1_000;

    static final Duration DEPARTED = Duration.ofHours(24);

    /** Silence of one instance counts as its end after this, as long as anybody else in the mesh is heard. */
    static final Duration LONGEST_SILENCE = Duration.ofMinutes(10);

    public RegistrySettings(String trustDomain, Duration ttl, int mostInstances) {
        this(trustDomain, ttl, mostInstances, "");
    }

    public static RegistrySettings of(String trustDomain) {
        return new RegistrySettings(trustDomain, Duration.ofSeconds(10), 10_000);
    }

    /** Of a control plane that runs on this machine. */
    public RegistrySettings on(String machine) {
        return new RegistrySettings(trustDomain, ttl, mostInstances, machine);
    }

    public RegistrySettings {
        if (ttl.compareTo(Duration.ofSeconds(1)) < 0) throw new IllegalArgumentException("a lease lasts 1 s at least");
    }

    /** How often an instance should be heard: two beats may be lost. */
    public Duration heartbeat() {
        return ttl.dividedBy(3);
    }

    /**
     * How long nobody is withdrawn after a restart while known instances are still away: all of them come back at once, to a
     * cold process and perhaps on a busy machine, and one lease has been too short for that.
     */
    Duration recovery() {
        return ttl.multipliedBy(3);
    }

    Duration sweep() {
        return ttl.dividedBy(10);
    }

    /**
     * Who was heard this much later than another was surely alive when the other had fallen silent: longer than the time
     * between two heartbeats, so that a cut that silences all at once proves nothing about any.
     */
    Duration proof() {
        return ttl.dividedBy(2);
    }
}
