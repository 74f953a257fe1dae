package io.tulle.proxy.flight;

import io.tulle.model.policy.FaultPolicy;
import io.tulle.proxy.balance.Endpoint;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.Reset;
import io.tulle.proxy.resilience.Replay;
import io.tulle.proxy.route.HashPlan;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a flight carries: it says in what it differs from other loads, makes one attempt when it is told to, and hears how the
 * flight goes. Where it hears that nothing more is tried, it ends itself, and its flight with {@link Flight#end}. All on the
 * flight's event loop.
 */
public interface Load {
    // What it says of itself.

    Kind kind();

    /** What it may do to deliver it twice. */
    Replay replay();

    /** Whether it could be sent once more: all of it is still there. */
    boolean isRepeatable();

    /** The address that its sender dialled, where it dialled one: some clusters go to that very one. */
    Optional<InetAddress> dialled();

    /** The endpoint that it would go to, if it can, in its first attempt; empty where any will do. */
    default Optional<Endpoint> home() {
        return Optional.empty();
    }

    /** What decides where it goes, by a route's rules; empty where it says nothing. Asked once, of clusters that choose by it. */
    default OptionalLong hash(HashPlan rules) {
        return OptionalLong.empty();
    }

    /** Who makes its copies for mirrors; empty where it cannot be copied. Asked only where a route has mirrors. */
    default Optional<Copier> copier() {
        return Optional.empty();
    }

    // What it is told to do.

    /**
     * Makes one attempt. The load tells its flight how that goes: {@link Flight#landed} or {@link Flight#again} when an answer
     * begins, {@link Flight#failed} when it came to nothing.
     */
    void depart(Endpoint to);

    /** The attempt that is under way is not wanted any more; nothing is to be said of it. */
    void recall();

    // What it hears.

    /** A fault holds it back. */
    default void delayed() {}

    /** The attempt before may have been seen by its endpoint, and is made again. */
    default void replayed() {}

    /** A fault answers in the application's place. */
    default void aborted(FaultPolicy.Answer answer) {
        refused(Reason.FAULT_INJECTED, "fault_filter_abort", "");
    }

    /**
     * It goes no further: a limit is reached, there is no endpoint, or its time is over (perhaps with an answer under way).
     *
     * @param detail for the log
     * @param told what the caller may know of it
     */
    void refused(Reason reason, String detail, String told);

    /**
     * An attempt failed, and no other is made.
     *
     * @param exhausted whether as many retries as allowed were made
     */
    void failed(Reset why, Endpoint at, boolean exhausted);
}
