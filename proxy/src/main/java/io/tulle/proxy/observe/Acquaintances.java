package io.tulle.proxy.observe;

import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.Snapshot;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/**
 * Asks the mesh who a peer is when it is first met, once, and no longer wants to know when the peer has gone. Asked from
 * event loops, told of snapshots on the control thread.
 */
public final class Acquaintances {
    /** For a sidecar that has nobody to ask. */
    public static final Acquaintances NONE = new Acquaintances(
            new Desk() {
                @Override
                public void ask(String instance) {}

                @Override
                public void forget(String instance) {}
            },
            () -> 0,
            Duration.ZERO);

    /** How long what is counted of a peer may wait for its name; a control plane that is away must not hide it longer. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Desk desk;
    private final LongSupplier nanos;
    private final Duration patience;
    private final ConcurrentMap<String, Long> asked = new ConcurrentHashMap<>();
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    /** Who answers, in later snapshots. Called from any thread; must not block. */
    public interface Desk {
        void ask(String instance);

        void forget(String instance);
    }

    private Acquaintances(Desk desk, LongSupplier nanos, Duration patience) {
        this.desk = desk;
        this.nanos = nanos;
        this.patience = patience;
    }

    /** @param nanos a clock that only runs forward */
    public static Acquaintances of(Desk desk, LongSupplier nanos) {
        return new Acquaintances(desk, nanos, PATIENCE);
    }

    /** Somebody met an instance that the plan in force does not know. */
    void met(String instance) {
        if (patience.isZero() || asked.containsKey(instance)) return;
        if (asked.putIfAbsent(instance, nanos.getAsLong()) == null) desk.ask(instance);
    }

    /** Whether the mesh may still say who it is. */
    boolean isAwaited(String instance) {
        var since = asked.get(instance);
        return since != null && nanos.getAsLong() - since < patience.toNanos();
    }

    void heard(Snapshot snapshot) {
        var there = snapshot.ofType(ResourceType.PEER).keySet();
        var gone = known.stream().filter(instance -> !there.contains(instance)).toList();
        gone.forEach(instance -> {
            known.remove(instance);
            asked.remove(instance);
            desk.forget(instance);
        });
        asked.keySet().stream().filter(there::contains).forEach(known::add);
    }
}
