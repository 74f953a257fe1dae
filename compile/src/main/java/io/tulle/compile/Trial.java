package io.tulle.compile;

import io.tulle.model.policy.Authorization;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.ChainSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.WireSpec;
import java.util.List;
import java.util.Optional;

/** Whether a proxy could hear something: it is written down and read again, as on the wire, and whatever fails is a reason. */
final class Trial {
    private Trial() {}

    /** Why something cannot be made; empty when it can. */
    static Optional<String> failure(Runnable made) {
        try {
            made.run();
            return Optional.empty();
        } catch (RuntimeException | StackOverflowError e) {
            return Optional.of(Optional.ofNullable(e.getMessage()).orElse(e.toString()));
        }
    }

    /** @throws IllegalArgumentException with the reason why no proxy can judge by it */
    static void require(Authorization authorization) {
        var guards = List.of(authorization);
        var target = List.of(ActionSpec.Target.of("target"));
        var wire = new WireSpec.Detected(new WireSpec.Http("routes", guards), new WireSpec.Tcp(target, guards));
        var chain = new ChainSpec("chain", 1, List.of(), ChainSpec.PLAINTEXT, wire);
        Encoded.proven(new ListenerSpec("listener", new ListenerSpec.Place.Inbound(), List.of(chain)));
    }
}
