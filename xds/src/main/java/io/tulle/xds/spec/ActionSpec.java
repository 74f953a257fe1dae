package io.tulle.xds.spec;

import io.tulle.model.policy.HeaderEdits;
import io.tulle.model.policy.PathRewrite;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** What a route does with a request. */
public sealed interface ActionSpec {
    /** Sends it on, to one of the targets by weight. */
    record Forward(List<Target> targets, Optional<PathRewrite> path, Optional<String> authority) implements ActionSpec {
        public Forward {
            targets = List.copyOf(targets);
            Target.requireSum(targets);
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
            implements ActionSpec {
        private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);

        public Redirect {
            if (!STATUSES.contains(status)) throw new IllegalArgumentException("no redirect has the status " + status);
            if (port.isPresent() && (port.getAsInt() < 1 || port.getAsInt() > 65535))
                throw new IllegalArgumentException("no such port: " + port.getAsInt());
        }
    }

    /** Answers in the application's place, for example 500 for a backend that does not exist (Gateway API). */
    record Respond(int status, String reason) implements ActionSpec {
        public Respond {
            if (status < 200 || status > 599) throw new IllegalArgumentException("no such status: " + status);
        }
    }

    /** One leg of a split; a weight of 0 gets nothing. */
    record Target(String cluster, int weight, HeaderEdits requestHeaders, HeaderEdits responseHeaders) {
        public static final int HEAVIEST = 1_000_000;

        public Target {
            if (weight < 0 || weight > HEAVIEST) throw new IllegalArgumentException("a weight is 0 to 1,000,000");
            if (cluster.isEmpty()) throw new IllegalArgumentException("a target names no cluster");
            requestHeaders.requireHarmless(HeaderEdits.Of.REQUEST);
            responseHeaders.requireHarmless(HeaderEdits.Of.RESPONSE);
        }

        /** A draw between targets counts in an int. */
        static void requireSum(List<Target> targets) {
            if (targets.stream().mapToLong(Target::weight).sum() > Integer.MAX_VALUE)
                throw new IllegalArgumentException("the weights sum to more than 2,147,483,647");
        }

        public static Target of(String cluster) {
            return new Target(cluster, 1, HeaderEdits.NONE, HeaderEdits.NONE);
        }
    }
}
