package io.tulle.model.policy;

import java.util.Optional;

/** How an endpoint is chosen for a request (Istio's LoadBalancerSettings). Istio's default, and ours, is least request. */
public record Balancing(Algorithm algorithm) implements DestinationPolicy {
    /** Two random choices, of which the one with fewer requests in flight. */
    public static final Balancing LEAST_REQUEST = new Balancing(Simple.LEAST_REQUEST);

    public static final Balancing ROUND_ROBIN = new Balancing(Simple.ROUND_ROBIN);
    public static final Balancing RANDOM = new Balancing(Simple.RANDOM);

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
