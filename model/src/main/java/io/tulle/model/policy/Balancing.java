package io.tulle.model.policy;

import java.time.Duration;
import java.util.Optional;

/**
 * How an endpoint is chosen for a request (Istio's LoadBalancerSettings). Istio's default, and ours, is least request.
 *
 * @param warmup for those that weigh endpoints, which are least request and round robin; with any other there is none
 */
public record Balancing(Algorithm algorithm, Optional<Warmup> warmup) implements DestinationPolicy {
    /** Two random choices, of which the one with fewer requests in flight. */
    public static final Balancing LEAST_REQUEST = new Balancing(Simple.LEAST_REQUEST);

    public static final Balancing ROUND_ROBIN = new Balancing(Simple.ROUND_ROBIN);
    public static final Balancing RANDOM = new Balancing(Simple.RANDOM);

    public Balancing {
        if (algorithm != Simple.LEAST_REQUEST && algorithm != Simple.ROUND_ROBIN) warmup = Optional.empty();
    }

    /** Without a warm-up. */
    public Balancing(Algorithm algorithm) {
        this(algorithm, Optional.empty());
    }

    /**
     * How an endpoint that comes gets its share little by little (Envoy's slow start): for {@code window} its weight is that of the
     * others times the part of the window that has passed, to the power of 1 / {@code aggression}, and at least the minimum.
     *
     * @param minimumPercent of its weight, from the first request on
     * @param aggression 1 is a straight line; more begins steeper
     */
    public record Warmup(Duration window, double minimumPercent, double aggression) {
        public static final double USUAL_MINIMUM = 10;

        public Warmup {
            if (window.isZero() || window.isNegative()) throw new IllegalArgumentException("a warm-up of no time");
            if (!(minimumPercent >= 0 && minimumPercent <= 100))
                throw new IllegalArgumentException("no share of a weight: " + minimumPercent + " %");
            if (!(aggression > 0)) throw new IllegalArgumentException("an aggression is above 0, not " + aggression);
        }
    }

    /** How one of many is found. */
    public sealed interface Algorithm {}

    /** Those that ask nothing of the request. */
    public enum Simple implements Algorithm {
        LEAST_REQUEST,
        ROUND_ROBIN,
        RANDOM
    }

    /** Those that send equal requests to one endpoint, and move few of them when endpoints come and go. */
    public sealed interface Hashed extends Algorithm {
        /** What is hashed; empty where every request goes anywhere, and in what a proxy hears, where routes say it. */
        Optional<HashKey> key();

        Hashed withoutKey();
    }

    /**
     * A ring of hashes (Ketama).
     *
     * @param minimumSize how many places it has at least, over all endpoints
     */
    public record RingHash(Optional<HashKey> key, int minimumSize) implements Hashed {
        /** Istio's, where nobody says. */
        public static final int USUAL_SIZE = 1024;

        /** The most places that are kept: a ring of so many takes 12 MB in each sidecar that calls the service. */
        public static final int LARGEST = 1 << 20;

        public RingHash {
            if (minimumSize < 1 || minimumSize > LARGEST)
                throw new IllegalArgumentException("a ring has 1 to 1,048,576 places, not " + minimumSize);
        }

        @Override
        public Hashed withoutKey() {
            return new RingHash(Optional.empty(), minimumSize);
        }
    }

    /**
     * A table that is filled evenly (Maglev).
     *
     * @param tableSize a prime number
     */
    public record Maglev(Optional<HashKey> key, int tableSize) implements Hashed {
        /** Istio's and Envoy's, where nobody says. */
        public static final int USUAL_SIZE = 65_537;

        /** Envoy's largest. */
        public static final int LARGEST = 5_000_011;

        public Maglev {
            if (tableSize < 2 || tableSize > LARGEST || !isPrime(tableSize))
                throw new IllegalArgumentException("a table has a prime number of places, at most 5,000,011");
        }

        @Override
        public Hashed withoutKey() {
            return new Maglev(Optional.empty(), tableSize);
        }

        public static boolean isPrime(int number) {
            if (number < 2) return false;
            for (int divisor = 2; (long) divisor * divisor <= number; divisor++) {
                if (number % divisor == 0) return false;
            }
            return true;
        }
    }

    /** What is hashed, where anything is. */
    public Optional<HashKey> hashKey() {
        return algorithm instanceof Hashed hashed ? hashed.key() : Optional.empty();
    }

    /** As a cluster has it: what is hashed is said by routes. */
    public Balancing withoutKey() {
        return algorithm instanceof Hashed hashed ? new Balancing(hashed.withoutKey()) : this;
    }
}
