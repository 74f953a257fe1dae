package io.tulle.xds.spec;

import io.tulle.model.policy.HeaderEdits;
import io.tulle.model.policy.PathRewrite;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What a route does with a request. */
public sealed interface ActionSpec {
    /** Sends it on, to one of the targets by weight. */
    record Forward(List<Target> targets, Optional<PathRewrite> path, Optional<String> authority) implements ActionSpec {
        public Forward {
            targets = List.copyOf(targets);
        }

        public static Forward to(String cluster) {
            return new Forward(List.of(Target.of(cluster)), Optional.empty(), Optional.empty());
        }
    }

    /** Answers with a redirect; an empty part stays as in the request. */
    record Redirect(
            int status,
            Optional<String> scheme,
            Optional<String> authority,
            OptionalInt port,
            Optional<PathRewrite> path)
            implements ActionSpec {}

    /** Answers in the application's place, for example 500 for a backend that does not exist (Gateway API). */
    record Respond(int status, String reason) implements ActionSpec {}

    /** One leg of a split; a weight of 0 gets nothing. */
    record Target(String cluster, int weight, HeaderEdits requestHeaders, HeaderEdits responseHeaders) {
        public Target {
            if (weight < 0 || weight > 1_000_000) throw new IllegalArgumentException("a weight is 0 to 1,000,000");
        }

        public static Target of(String cluster) {
            return new Target(cluster, 1, HeaderEdits.NONE, HeaderEdits.NONE);
        }
    }
}
