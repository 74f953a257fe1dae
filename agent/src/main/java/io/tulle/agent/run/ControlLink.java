package io.tulle.agent.run;

import io.tulle.model.Problem;
import io.tulle.model.world.Instance;
import io.tulle.model.world.Serving;
import io.tulle.proxy.Sidecar;
import io.tulle.proxy.identity.Issuer;
import io.tulle.proxy.listen.DestinationDesk;
import io.tulle.proxy.observe.Acquaintances;
import io.tulle.proxy.tls.IdentitySource;
import io.tulle.xds.registry.TrafficReport;
import io.tulle.xds.spec.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** A run's conversation with the control plane, whatever carries it. */
public interface ControlLink extends AutoCloseable, Acquaintances.Desk, DestinationDesk {
    /** Signs the run's requests, as this instance. */
    Issuer issuer();

    /**
     * Says that the instance is there, and keeps saying it until {@link #leave}; the identity proves who says it.
     *
     * @param traffic what the sidecar has counted so far, told along with it
     * @param replaced called once when another run has taken the instance's name on purpose
     * @return done when the instance is known; failed with {@link Refused} when it is not taken
     */
    CompletionStage<Void> announce(
            Instance instance, IdentitySource identity, Supplier<TrafficReport> traffic, Consumer<Problem> replaced);

    /** The control plane does not take the instance. */
    final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Problem problem;

        public Refused(Problem problem) {
            super(problem.explained());
            this.problem = problem;
        }

        public Problem problem() {
            return problem;
        }
    }

    /** Says which of its ports the instance's application serves from now on; after {@link #announce}. From any thread. */
    void serving(Serving now);

    /**
     * Hears every snapshot from now on, in order, on one thread.
     *
     * @param hear puts a snapshot in force and says what it could not take, empty when all is well
     */
    void follow(Function<Snapshot, List<Rejection>> hear);

    /** What could not be taken of the snapshot in force is to be asked again, on the thread that hears snapshots. From any thread. */
    default void revise(Supplier<List<Rejection>> now) {}

    /** Wants all of a destination, by its canonical host: later snapshots have it, or say that it is nowhere. From any thread. */
    @Override
    default void want(String host) {}

    /** What its service used before, to be asked for at once. */
    default Set<String> remembered() {
        return Set.of();
    }

    /** No longer wants it. */
    @Override
    default void release(String host) {}

    /** Wants to know who an instance is: later snapshots say it, once the control plane knows. From any thread. */
    @Override
    default void ask(String instance) {}

    /** No longer wants to know. */
    @Override
    default void forget(String instance) {}

    /**
     * A line for a shell that tells the control plane that this run was killed, for the application's guardian to run then. It holds
     * what proves that it speaks for this run. Empty where the control plane sees it by itself.
     */
    default Optional<String> whenKilled() {
        return Optional.empty();
    }

    /** Says goodbye: peers stop sending. Returns when it was heard, or after a short while. */
    void leave();

    @Override
    void close();

    /** A resource that is not in force in the sidecar as it was sent. */
    record Rejection(String type, String name, String code, String reason) {
        /** What a sidecar cannot carry out now of the snapshot in force. */
        public static List<Rejection> by(Sidecar sidecar) {
            return sidecar.culprits().stream()
                    .map(c -> new Rejection(
                            c.resource().type().url(),
                            c.resource().name(),
                            c.code().code(),
                            c.reason()))
                    .toList();
        }
    }
}
